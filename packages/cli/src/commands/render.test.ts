import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { run, temporaryFolder } from '../../test/run.js'

const configuration = `
deployments:
  code:
    platform: vllm
    model: codestral-22b-v0.1
    endpoint: http://gpu-1:8000/v1
    apiKey: \${VLLM_API_KEY}
    server: { version: 0.8.5, tensorParallelSize: 2, maxModelLength: 32768 }
    hardware: { gpu: a100-80gb, gpuCount: 2 }
features: { code-completion: code }
`

async function plans(): Promise<string> {
  const { stdout } = await run([
    'plan',
    '--model',
    'codestral-22b-v0.1',
    '--users',
    '100',
    '--gpu',
    'a100-80gb',
    '--json',
  ])
  return stdout
}

describe('duo-models render', () => {
  it('writes the command of a configuration, and leaves its key a reference', async () => {
    const { code, stdout, stderr } = await run(['render', '-', '--format', 'vllm-serve'], { stdin: configuration })
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toContain('vllm serve')
    expect(stdout).toContain('--tensor-parallel-size 2')
    expect(stdout).toContain('"${VLLM_API_KEY:?')
  })

  it('takes what plan --json writes, and the rank', async () => {
    const stdin = await plans()
    const first = await run(['render', '-', '--format', 'kubernetes', '--namespace', 'duo'], { stdin })
    expect([first.code, first.stderr]).toEqual([0, ''])
    const kinds = parseAllDocuments(first.stdout).map((document) => document.toJS().kind)
    expect(kinds).toContain('Deployment')
    const second = await run(['render', '-', '--format', 'vllm-serve', '--rank', '2'], { stdin })
    expect(second.stdout).not.toBe((await run(['render', '-', '--format', 'vllm-serve'], { stdin })).stdout)
  })

  it('writes to a file', async () => {
    await using folder = await temporaryFolder({ 'duo-models.yaml': configuration })
    const output = folder.file('compose.yaml')
    const { code, stdout } = await run([
      ...['render', folder.file('duo-models.yaml'), '--format', 'docker-compose', '--output', output],
    ])
    expect([code, stdout]).toEqual([0, ''])
    expect(await readFile(output, 'utf8')).toContain('services:')
  })

  it.each([
    ['no format', ['render', '-'], configuration, "required option '-f, --format <format>' not specified"],
    ['an unknown format', ['render', '-', '-f', 'helm'], configuration, 'Allowed choices are vllm-serve'],
    [
      'a rank that is not there',
      ['render', '-', '-f', 'vllm-serve', '--rank', '9'],
      '{"plans":[{}]}',
      'There is no plan 9',
    ],
    ['no plan', ['render', '-', '-f', 'vllm-serve'], '{"plans":[]}', 'The input holds no plan'],
    ['broken JSON', ['render', '-', '-f', 'vllm-serve'], '{"plans":', 'standard input cannot be read'],
    ['an unknown deployment', ['render', '-', '-f', 'vllm-serve', '--deployment', 'chat'], configuration, 'chat'],
  ])('names what is wrong with %s', async (_, argv, stdin, message) => {
    const { code, stdout, stderr } = await run(argv, { stdin })
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain(message)
    expect(stderr).not.toContain('    at ')
  })
})
