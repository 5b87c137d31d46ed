import { spawn } from 'node:child_process'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { startEmulator } from '@duo-models/emulator'
import { describe, expect, it } from 'vitest'

interface Run {
  readonly code: number | null
  readonly output: string
}

/** Runs an example as a user would, from its source. */
function run(file: string, ...args: string[]): Promise<Run> {
  const path = fileURLToPath(new URL(file, import.meta.url))
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--import', 'tsx', path, ...args], {
      env: { ...process.env, NO_COLOR: '1' },
      cwd: fileURLToPath(new URL('..', import.meta.url)),
    })
    let output = ''
    child.stdout.on('data', (data) => (output += data))
    child.stderr.on('data', (data) => (output += data))
    child.on('close', (code) => resolve({ code, output }))
  })
}

describe('README', { timeout: 60_000 }, () => {
  it('begins with a program that runs as it stands, once there is a server', async () => {
    const served = 'mistralai/Mistral-Small-3.2-24B-Instruct-2506'
    await using server = await startEmulator({ platform: 'vllm', servedModelName: served, speed: 0 })
    const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')
    const [, program = ''] = /```ts\n([\s\S]*?)```/.exec(readme) ?? []
    const file = new URL(`./readme-${process.pid}.ts`, import.meta.url)
    await writeFile(file, program.replace('http://gpu-1:8000/v1', server.baseUrl))
    try {
      const { code, output } = await run(file.href)
      expect(output).toMatch(/^compatible\n\S/)
      expect(code).toBe(0)
    } finally {
      await rm(file)
    }
  })
})

describe('examples', { timeout: 60_000 }, () => {
  it('quickstart checks, streams, completes and says what next', async () => {
    const { code, output } = await run('quickstart/quickstart.ts')
    expect(output).toMatch(/1\. Checking the configuration[\s\S]*code-completion/)
    expect(output).toMatch(/2\. Streaming a chat answer[\s\S]*first token after \d+ ms · \d+ tokens\/s/)
    expect(output).toMatch(/3\. Completing code[\s\S]*def add_tax/)
    expect(output).toMatch(/What next/)
    expect(code).toBe(0)
  })

  it.each([
    [
      ['--endpoint', 'http://127.0.0.1:9/v1', '--model', 'mistral-small-24b-instruct-2506'],
      1,
      /ConnectionError \(connection\)/,
    ],
    [['--endpoint', 'http://127.0.0.1:9/v1', '--model', 'mistrall'], 1, /model-not-listed/],
    [['--endpoint', 'http://127.0.0.1:9/v1'], 2, /'--endpoint' needs '--model'/],
    [['--config', 'no-such-file.yaml'], 1, /no-such-file\.yaml cannot be read: there is no such file/],
    [['--modle', 'x'], 2, /Unknown option '--modle'/],
    [['--help'], 0, /Usage: npm start/],
  ])('quickstart %j ends with %i and says why', async (args, expectedCode, message) => {
    const { code, output } = await run('quickstart/quickstart.ts', ...args)
    expect(output).toMatch(message)
    expect(output).not.toMatch(/\n {4}at /)
    expect(code).toBe(expectedCode)
  })

  it('chat prints the answer and its usage', async () => {
    const { code, output } = await run('chat/vllm.ts')
    expect(output).toMatch(/outputTokens: \d+/)
    expect(code).toBe(0)
  })

  it('stream-chat ends with the time it took', async () => {
    const { code, output } = await run('stream-chat/vllm.ts')
    expect(output).toMatch(/\d+ ms\n$/)
    expect(code).toBe(0)
  })

  it('code-completion fills the gap', async () => {
    const { code, output } = await run('code-completion/vllm.ts')
    expect(output).toMatch(/function add\(a: number, b: number\) \{\n {2}\S[\s\S]*\n\}/)
    expect(code).toBe(0)
  })

  it('batch answers every question and sums up', async () => {
    const { code, output } = await run('batch/vllm.ts')
    expect(output).toMatch(/a merge request: \S[\s\S]*a milestone: \S/)
    expect(output).toMatch(/5 of 5 · [\d.]+ per second[\s\S]*5 done, 0 failed · p95 \d+ ms · \d+ tokens\/s/)
    expect(code).toBe(0)
  })

  it('observe tells what happens and sums up', async () => {
    const { code, output } = await run('observe/vllm.ts')
    expect(output).toMatch(/default: first token after \d+ ms[\s\S]*: done \{ inputTokens: \d+/)
    expect(output).toMatch(/circuit closed, 2 answers, 0 failures, TTFT p95 \d+ ms/)
    expect(code).toBe(0)
  })

  it('probe says what the server is', async () => {
    const { code, output } = await run('probe/vllm.ts')
    expect(output).toMatch(/default at \S+: version \d\S*, \d+ tokens, first token after \d+ ms/)
    expect(code).toBe(0)
  })

  it('coalesce answers three callers with one request', async () => {
    const { code, output } = await run('coalesce/vllm.ts')
    expect(output).toBe('3 answers from 1 request\n')
    expect(code).toBe(0)
  })

  it('priorities lets a chat go before a batch that fills the server', async () => {
    const { code, output } = await run('priorities/vllm.ts')
    expect(output).toMatch(/^10 chat answers, while [1-9]\d* requests of the batch were under way or waited\n/)
    expect(output).toMatch(/batch: 200 answers, 0 failed; in the end \d+ requests were sent at a time\n$/)
    expect(code).toBe(0)
  })

  it('check-configuration finds the three mistakes', async () => {
    const { code, output } = await run('check-configuration/check-configuration.ts')
    expect(output).toMatch(/model-not-listed/)
    expect(output).toMatch(/endpoint-missing-v1/)
    expect(output).toMatch(/vllm-below-minimum/)
    expect(code).toBe(1)
  })

  it('custom-adapter judges a model of its own and streams from it', async () => {
    const { code, output } = await run('custom-adapter/llama-cpp.ts')
    expect(output).toMatch(/feature-largely-compatible[\s\S]*ok: compatible-with-limitations[\s\S]*emulator/)
    expect(code).toBe(0)
  })

  it('company-rules objects to what the company forbids', async () => {
    const { code, output } = await run('company-rules/company-rules.ts')
    expect(output).toMatch(/company-no-cloud/)
    expect(output).toMatch(/company-model-not-approved/)
    expect(output).not.toMatch(/company-coder-7b is not approved/)
    expect(code).toBe(1)
  })
})
