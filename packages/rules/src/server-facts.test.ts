import { expect, test } from 'vitest'
import type { DeploymentSettings } from './configuration.js'
import { pathOfFact, serverFactsOf } from './server-facts.js'

const settings = (server: DeploymentSettings['server']): DeploymentSettings => ({ platform: 'vllm', server })

test('arguments state the same facts as fields, and fields count first', () => {
  const written = settings({
    tensorParallelSize: 2,
    serveArgs: '-tp 4 --max-model-len 32K --gpu-memory-utilization 0.85',
  })
  expect(serverFactsOf(written).settings).toMatchObject({
    tensorParallelSize: 2,
    maxModelLength: 32_768,
    gpuMemoryUtilization: 0.85,
  })
  expect(serverFactsOf(written).fromArguments.tensorParallelSize).toBe(4)
  expect([pathOfFact(written, 'tensorParallelSize'), pathOfFact(written, 'maxModelLength')]).toEqual([
    '/server/tensorParallelSize',
    '/server/serveArgs',
  ])
})

test.each([
  ['32k', 32_000],
  ['1.5k', 1500],
  ['32768', 32_768],
  ['auto', undefined],
  ['-1', undefined],
])('a length of %s', (written, length) => {
  const facts = serverFactsOf(settings({ serveArgs: ['--max-model-len', written] }))
  expect(facts.settings.maxModelLength).toBe(length)
  expect(facts.problems).toEqual([])
})

test.each([
  '--tensor-parallel-size 0',
  '--tensor-parallel-size 1.5',
  '--tensor-parallel-size',
  '--max-num-seqs many',
  '--gpu-memory-utilization 1.1',
  '--dtype=',
])('%s is a problem', (line) => {
  expect(serverFactsOf(settings({ serveArgs: line })).problems).toHaveLength(1)
})

test('no server, no facts', () => {
  expect(serverFactsOf({ platform: 'vllm' })).toMatchObject({ settings: {}, problems: [] })
})
