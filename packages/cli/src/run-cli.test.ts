import { Writable } from 'node:stream'
import { catalog, configJsonSchema, selectModels } from '@duo-models/rules'
import { describe, expect, it } from 'vitest'
import { repairable } from '../test/configurations.js'
import { run } from '../test/run.js'
import { runCli } from './run-cli.js'

describe('runCli', () => {
  it.each([
    [['--help'], 0],
    [['help', 'check'], 0],
    [['models', '--help'], 0],
    [['--version'], 0],
    [[], 2],
    [['chek'], 2],
    [['check'], 2],
    [['check', '--formt', 'json', 'a'], 2],
    [['check', '--format', 'xml', 'a'], 2],
    [['check', '--max-warnings', '-1', 'a'], 2],
    [['check', '--release', 'new', 'a'], 2],
    [['models', '--platform', 'vlm'], 2],
    [['models', 'gpt'], 2],
    [['explain'], 2],
    [['explain', 'gpt-4oo'], 1],
    [['emulate', '--port', '70000'], 2],
    [['emulate', '--speed', '-1'], 2],
    [['emulate', '--platform', 'bedrok'], 2],
    [['emulate', '--api-key-from-env', 'NOT_SET'], 2],
  ])('%j ends with %i and no stack trace', async (argv, expected) => {
    const { code, stdout, stderr } = await run(argv)
    expect(code).toBe(expected)
    expect(stdout + stderr).not.toMatch(/\n\s+at /)
    expect(expected === 0 ? stdout : stderr).not.toBe('')
  })

  it('suggests what was meant', async () => {
    expect((await run(['chek'])).stderr).toContain('Did you mean check?')
    expect((await run(['check', '--formt', 'json', 'a'])).stderr).toContain('Did you mean --format?')
    expect((await run(['explain', 'endpoint-mising-v1'])).stderr).toContain('endpoint-missing-v1')
    expect((await run(['explain', 'codestral-22b'])).stderr).toContain('codestral-22b-v0.1')
  })

  it('shows examples in the help of every command', async () => {
    for (const command of ['check', 'models', 'explain', 'schema', 'emulate']) {
      const { stdout } = await run([command, '--help'])
      expect(stdout).toContain(`duo-models ${command}`)
      expect(stdout).toContain('Examples:')
    }
  })

  it('colours a terminal only, and honours NO_COLOR, FORCE_COLOR and --no-color', async () => {
    const colored = async (around: Parameters<typeof run>[1], ...options: string[]) =>
      (await run(['check', '-', ...options], { stdin: repairable, ...around })).stdout.includes('\u001b[')
    expect(await colored({})).toBe(false)
    expect(await colored({ isTTY: true })).toBe(true)
    expect(await colored({ isTTY: true, env: { NO_COLOR: '1' } })).toBe(false)
    expect(await colored({ isTTY: true, env: { TERM: 'dumb' } })).toBe(false)
    expect(await colored({ env: { FORCE_COLOR: '1' } })).toBe(true)
    expect(await colored({ isTTY: true, env: { FORCE_COLOR: '0' } })).toBe(false)
    expect(await colored({ isTTY: true }, '--no-color')).toBe(false)
  })

  it('keeps to the width of the terminal', async () => {
    const { stdout } = await run(['models'], { isTTY: true, columns: 70, env: { NO_COLOR: '1' } })
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(70)
  })

  it('ends quietly when the reader goes away, and loudly when the disk is full', async () => {
    const failing = (code: string) =>
      new Writable({ write: (_, __, done) => done(Object.assign(new Error(code), { code })) })
    const io = (code: string) => {
      let errors = ''
      const stderr = new Writable({
        write(chunk, _, done) {
          errors += String(chunk)
          done()
        },
      })
      const stdin = (async function* () {})()
      return { io: { stdout: failing(code), stderr, stdin, env: {} }, errors: () => errors }
    }
    const broken = io('EPIPE')
    expect(await runCli(['models'], broken.io)).toBe(0)
    expect(broken.errors()).toBe('')
    const full = io('ENOSPC')
    expect(await runCli(['models'], full.io)).toBe(2)
    expect(full.errors()).toContain('no space is left')
  })
})

describe('models', () => {
  it('lists every model of the newest release', async () => {
    const { stdout } = await run(['models'])
    const old = await run(['models', '--release', '18.2'])
    const ids = stdout
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(' ')[0])
    expect(ids.sort()).toEqual(
      selectModels()
        .map(({ model }) => model.id)
        .sort(),
    )
    expect(stdout).toMatch(/^model +status +platforms +completion +generation +chat/)
    expect(stdout).toMatch(/codestral-22b-v0\.1 +generally available +vllm +full +full +partial/)
    expect(old.stdout).toMatch(/codestral-22b-v0\.1 +generally available +vllm +full +full +not applicable/)
  })

  it('selects, as a table and as JSON', async () => {
    const { stdout } = await run([
      'models',
      '--platform',
      'bedrock',
      '--feature',
      'duo-chat',
      '--at-least',
      'full',
      '--release',
      '18.2',
      '--json',
    ])
    expect(JSON.parse(stdout)).toMatchObject([
      { id: 'claude-3.5-sonnet', platforms: ['bedrock'], levels: { 'duo-chat': 'full' } },
      { id: 'claude-3.7-sonnet', platforms: ['bedrock'], levels: { 'duo-chat': 'full' } },
    ])
  })

  it('answers a query, alone and together with options', async () => {
    const query = 'feature duo-chat and level full and release 18.2 and platform vllm'
    const ids = async (...args: string[]) =>
      JSON.parse((await run(['models', '--json', ...args])).stdout).map(({ id }: { id: string }) => id)
    const expected = ['llama-3.1-70b', 'llama-3.3-70b', 'mistral-small-24b-instruct-2506']
    expect(await ids(...query.split(' '))).toEqual(expected)
    expect(await ids('feature duo-chat and level full', '--platform', 'vllm', '--release', '18.2')).toEqual(expected)
  })

  it('points at the word of a query that it does not understand', async () => {
    const { code, stderr } = await run(['models', 'feature duo-chta'])
    expect(stderr).toMatch(/^duo-models: .*Did you mean 'duo-chat'/)
    expect(stderr).toContain('\n  feature duo-chta\n          ^^^^^^^^\n')
    expect(code).toBe(2)
  })

  it('says why nothing is listed', async () => {
    const none = await run(['models', '--platform', 'azure-openai', '--status', 'experimental'])
    expect(none).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining('No model matches') })
    expect((await run(['models', '--release', '15.0'])).stderr).toContain('Known: ')
  })
})

describe('explain', () => {
  it('explains a rule with its source', async () => {
    const { code, stdout } = await run(['explain', 'endpoint-missing-v1'])
    expect(stdout).toMatch(/Severity +error/)
    expect(stdout).toContain('https://')
    expect(code).toBe(0)
  })

  it('says why a rule matters, shows an example with its indentation, and what to do', async () => {
    const { stdout } = await run(['explain', 'tensor-parallel-exceeds-gpus'])
    expect(stdout).toMatch(/Why +vLLM needs one GPU for each part/)
    expect(stdout).toMatch(/server:\n +tensorParallelSize: 4/)
    expect(stdout).toMatch(/Fix +.*\(check --fix does it\)/)
  })

  it('tells the life of a model, the newest release first', async () => {
    const { stdout } = await run(['explain', 'mixtral-8x7b-it-v0.1'])
    const life = [...stdout.matchAll(/^From GitLab (\S+) on\n {2}Status +(.*)$/gm)].map(([, ...record]) => record)
    expect(life).toEqual([
      ['18.10', 'no longer listed'],
      ['18.6', 'beta'],
      ['18.3', 'generally-available'],
      ['17.10', 'generally-available'],
      ['17.9', 'generally-available'],
    ])
  })

  it.each(['config-unknown-key', 'findings-left-out'])('explains %s, which no rule makes', async (name) => {
    expect((await run(['explain', name])).code).toBe(0)
  })

  it('explains a model under any name, spaces and all', async () => {
    const byId = await run(['explain', 'mixtral-8x7b-it-v0.1'])
    for (const words of [
      ['mistralai/Mixtral-8x7B-Instruct-v0.1'],
      ['Mixtral', '8x7B-it', 'v0.1'],
      ['mistral.mixtral-8x7b-instruct-v0:1'],
    ])
      expect(await run(['explain', ...words])).toEqual(byId)
    for (const part of [
      'Largely compatible',
      '220 GB',
      '--tensor-parallel-size 4',
      'mixtral-8x7b-memory',
      '61.55 tokens/s',
    ])
      expect(byId.stdout).toContain(part)
  })

  it('explains every model of the catalog', async () => {
    for (const id of Object.keys(catalog.models)) expect((await run(['explain', id])).stdout).toContain(`(${id})`)
  })
})

describe('schema', () => {
  it('prints the JSON Schema', async () => {
    expect(JSON.parse((await run(['schema'])).stdout)).toEqual(JSON.parse(JSON.stringify(configJsonSchema)))
  })
})
