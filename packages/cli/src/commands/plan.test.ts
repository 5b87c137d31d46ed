import { describe, expect, it } from 'vitest'
import { run } from '../../test/run.js'

const codestral = ['plan', '--model', 'codestral-22b-v0.1', '--users', '100', '--gpu', 'a100-80gb']

describe('duo-models plan', () => {
  it('lists plans, cheapest first, with units and what was assumed', async () => {
    const { code, stdout, stderr } = await run(codestral)
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toContain('codestral-22b-v0.1, cheapest first')
    expect(stdout).toMatch(/\n1 +1 +2 × a100-80gb/)
    expect(stdout).toMatch(/ GiB .* ms /)
    expect(stdout).toContain('Assumed, since it was not stated: 1000 tokens of a prompt')
  })

  it('names the model of each plan where features were asked for', async () => {
    const { stdout } = await run([
      ...['plan', '--feature', 'code-completion', 'code-generation', '--users', '50'],
      ...['--gpu', 'a100-80gb', '--gpu-count', '2', '--release', '18.2'],
    ])
    expect(stdout).toMatch(/# +model +copies/)
    expect(stdout).toContain('codestral-22b-v0.1')
  })

  it('ends with 1 and every reason where nothing serves the workload', async () => {
    const { code, stdout } = await run([
      ...['plan', '--model', 'llama-3.1-70b', '--users', '50', '--gpu', 'h100-80gb', '--gpu-count', '1'],
    ])
    expect(code).toBe(1)
    expect(stdout).toContain('No plan serves this workload.')
    expect(stdout).toContain('The weights do not load')
  })

  it('orders by prices', async () => {
    const gpus = ['--gpu', 'a100-80gb', 'h100-80gb', '--price']
    const cheapest = async (...prices: string[]) => {
      const { stdout } = await run([...codestral.slice(0, -2), '--json', '--limit', '1', ...gpus, ...prices])
      return JSON.parse(stdout).plans[0].gpu
    }
    expect(await cheapest('a100-80gb=1', 'h100-80gb=9')).toBe('a100-80gb')
    expect(await cheapest('a100-80gb=9', 'h100-80gb=1')).toBe('h100-80gb')
  })

  it.each([
    ['nothing', ['plan'], 'Missing: --model (or --config, or --feature) and --users'],
    ['no workload', codestral.slice(0, 3), 'Missing: --users (or --requests-per-second, or --concurrency).'],
    ['no users', [...codestral, '--users', '0'], '--users is 0'],
    ['an unknown machine', [...codestral, '--machine', 'a2-ultragpu-9g'], '--machine is "a2-ultragpu-9g"'],
    ['an unknown feature', ['plan', '--feature', 'chatt', '--users', '3'], '--feature is "chatt"'],
    ['a price without a GPU', [...codestral, '--price', '3'], 'It is not of the form a100-80gb=3.5'],
  ])('names what is wrong with %s', async (_, argv, message) => {
    const { code, stdout, stderr } = await run(argv)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain(message)
  })
})
