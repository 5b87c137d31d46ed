import { execFileSync } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { run, start } from '../../test/run.js'

/** Starts the program, waits for its instructions, and ends it when the scope ends. */
async function emulate(argv: readonly string[], env: Record<string, string> = {}) {
  const child = start(['emulate', '--port', '0', '--speed', '0', ...argv], env)
  let output = ''
  child.stdout.setEncoding('utf8')
  for await (const text of child.stdout) {
    output += text
    if (/curl .*\n/.test(output)) break
  }
  const interrupt = async () => {
    const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })))
    child.kill('SIGINT')
    return ended
  }
  return {
    output,
    url: /http:\/\/127\.0\.0\.1:\d+(\/v1)?/.exec(output)?.[0] ?? '',
    interrupt,
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode === null) await interrupt()
    },
  }
}

/** Carries out the printed `curl` line: a shell reads its arguments, and they are fetched without `curl`. */
async function follow(output: string, env: Record<string, string> = {}) {
  const [line = ''] = /curl -N .*/.exec(output) ?? []
  const script = `curl() { printf '%s\\0' "$@"; }\n${line}`
  const words = execFileSync('sh', ['-c', script], { env, encoding: 'utf8' }).split('\0')
  const valuesOf = (flag: string) => words.flatMap((word, index) => (words[index - 1] === flag ? [word] : []))
  const headers = valuesOf('-H').map((header) => header.split(/: (.*)/s).slice(0, 2) as [string, string])
  const [body = ''] = valuesOf('-d')
  return fetch(words[1] ?? '', { method: 'POST', headers, body })
}

describe('emulate', () => {
  it('serves until it is interrupted, and demands the key without showing it', async () => {
    const env = { K: 'secret-key' }
    await using emulated = await emulate(['--model', 'codestral-22b-v0.1', '--api-key-from-env', 'K'], env)
    const { output, url } = emulated
    expect(output).toContain('mistralai/Codestral-22B-v0.1')
    expect(output).toContain('Bearer $K')
    expect(output).not.toContain('secret-key')
    const withKey = await fetch(`${url}/models`, { headers: { authorization: 'Bearer secret-key' } })
    expect(JSON.stringify(await withKey.json())).toContain('Codestral-22B')
    expect((await fetch(`${url}/models`)).status).toBe(401)
    expect((await follow(output, env)).status).toBe(200)
    expect(await emulated.interrupt()).toEqual({ code: 0, signal: null })
    await expect(fetch(`${url}/models`)).rejects.toThrow()
  })

  it('emulates Amazon Bedrock, and says how to point the AWS SDK at it', async () => {
    const env = { K: 'secret-key' }
    await using emulated = await emulate(
      ['--platform', 'bedrock', '--region', 'eu-west-1', '--model', 'claude-3.7-sonnet', '--api-key-from-env', 'K'],
      env,
    )
    const { output, url } = emulated
    expect(output).toContain(`endpoint: '${url}', region: 'eu-west-1', credentials: { accessKeyId: 'test'`)
    expect(output).toContain(`AWS_ENDPOINT_URL_BEDROCK_RUNTIME=${url} AWS_REGION=eu-west-1`)
    expect(output).toContain('eu.anthropic.claude-3-7-sonnet-20250219-v1%3A0')
    expect(output).not.toContain('secret-key')
    const answer = await follow(output, env)
    expect(answer.status).toBe(200)
    expect(await answer.json()).toMatchObject({ stopReason: 'end_turn' })
    expect((await follow(output, { K: 'wrong' })).status).toBe(403)
  })

  it('emulates Azure OpenAI, and says how to point the openai client at it', async () => {
    await using emulated = await emulate(['--platform', 'azure-openai'])
    const { output, url } = emulated
    expect(output).toContain(`new AzureOpenAI({ endpoint: '${url}', apiKey: 'any', apiVersion: '2024-10-21'`)
    expect(output).toContain(`baseURL: '${url}/openai/v1'`)
    const answer = await follow(output)
    expect(answer.status).toBe(200)
    expect(await answer.text()).toMatch(/data: \[DONE\]\n\n$/)
  })

  it.each([
    ['vllm', 'my/model'],
    ['bedrock', 'anthropic.claude-3-5-sonnet-20240620-v1:0'],
    ['bedrock', 'us.anthropic.claude-3-5-sonnet-20240620-v1:0'],
    ['bedrock', "it's.$new-v1:0"],
    ['azure-openai', 'gpt-5'],
    ['azure-openai', "it's $mine"],
  ])('on %s pretends to be %s, and its example works in a shell', async (platform, model) => {
    await using emulated = await emulate(['--platform', platform, '--model', model])
    expect(emulated.output).toContain(model)
    expect((await follow(emulated.output)).status).toBe(200)
  })

  it.each([
    [['--platform', 'sagemaker'], /"sagemaker"\. Use one of vllm, bedrock, azure-openai/],
    [['--region', 'eu-west-1'], /--region is for --platform bedrock; vllm has no Regions/],
    [['--platform', 'bedrock', '--region', 'Europe'], /region must be.*"Europe"/],
  ])('refuses %j in one line', async (argv, message) => {
    const { code, stderr } = await run(['emulate', ...argv])
    expect(code).toBe(2)
    expect(stderr.trimEnd()).toMatch(message)
    expect(stderr.trimEnd()).not.toContain('\n')
  })

  it('says so when the port is taken', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const { code, stderr } = await run(['emulate', '--port', String(port)])
    server.close()
    expect(stderr).toContain(String(port))
    expect(stderr).toContain('Choose another --port')
    expect(code).toBe(2)
  })
})
