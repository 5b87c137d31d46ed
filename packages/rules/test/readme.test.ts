import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import * as api from '../src/index.js'
import { supportLevel } from '../src/matrix.js'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

test('the first example does what its comments say', () => {
  const report = api.checkConfig({
    gitlab: { version: '18.2' },
    deployments: {
      code: {
        platform: 'vllm',
        model: 'codestral-22b-v0.1',
        endpoint: 'http://gpu-1:8000',
        hardware: { gpu: 'a100-80gb', gpuCount: 1 },
      },
    },
    features: { 'code-completion': 'code', 'duo-chat': 'code' },
  })
  const rules = report.findings.map(({ rule }) => `'${rule}'`).join(', ')
  expect(readme).toContain(`// [${rules}]`)
  expect(api.compatibility({ model: 'llama-3.1-8b', feature: 'duo-chat', platform: 'vllm' }).level).toBe('partial')
  const chat = api.selectModels({ platform: 'azure-openai', feature: 'duo-chat', atLeast: 'full', release: '18.2' })
  expect(chat.map(({ model }) => model.id)).toEqual(['gpt-4o'])
  const agent = api.compatibility({ model: 'llama-3.1-70b', feature: 'agent-platform', release: '18.9' })
  expect(agent).toMatchObject({ level: 'none', wording: 'Limited functionality', productGate: { allowed: false } })
})

test('the table names every function and value of the package', () => {
  const table = readme.slice(readme.indexOf('## API'), readme.indexOf('## What the words mean'))
  for (const name of Object.keys(api)) expect(table).toMatch(new RegExp(`\`${name}\\b`))
})

test('the example of the matrix does what its comment says', () => {
  const level = supportLevel({ model: 'llama-3.1-8b', feature: 'duo-chat', platform: 'vllm', release: '18.2' })
  expect(readme).toContain(`release: '18.2' }) // '${level}'`)
})
