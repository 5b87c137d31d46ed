import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { jsonAnswer, startByteServer } from '../testing/byte-server.js'
import {
  type BedrockTestOptions,
  claudeModelId,
  connectBedrock,
  withAwsEnvironment,
} from '../testing/connect-bedrock.js'
import { errorOf, helloRequest, openCall, runStream } from '../testing/run-stream.js'

const answer = JSON.stringify({
  output: { message: { role: 'assistant', content: [{ text: 'Hello' }] } },
  stopReason: 'end_turn',
  usage: { inputTokens: 9, outputTokens: 2, totalTokens: 11 },
})

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bedrock-endpoint-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** The address a request would go to: an aborted one names it and is not sent. */
async function addressOf(variables: Record<string, string>, options: BedrockTestOptions, origin?: string) {
  return withAwsEnvironment(variables, async () => {
    const connection = await connectBedrock(origin, options)
    const error = await errorOf(connection.generate(helloRequest, openCall(AbortSignal.abort())))
    await connection.close()
    expect(error.code).toBe('aborted')
    return /^POST (\S+)/.exec(error.message)?.[1]
  })
}

function configurationFile(text: string): string {
  const path = join(folder, 'config')
  writeFileSync(path, text)
  return path
}

const path = `/model/${claudeModelId.replace(':', '%3A')}/converse`

describe('the endpoint', () => {
  it.each<[string, BedrockTestOptions, Record<string, string>, string]>([
    ['the Region', {}, {}, 'https://bedrock-runtime.us-east-1.amazonaws.com'],
    [
      'a Region of China',
      { settings: { region: 'cn-north-1' } },
      {},
      'https://bedrock-runtime.cn-north-1.amazonaws.com.cn',
    ],
    [
      'AWS_REGION',
      { settings: { region: undefined } },
      { AWS_REGION: 'eu-west-3' },
      'https://bedrock-runtime.eu-west-3.amazonaws.com',
    ],
    ['FIPS', { settings: { useFipsEndpoint: true } }, {}, 'https://bedrock-runtime-fips.us-east-1.amazonaws.com'],
    [
      'FIPS of the environment',
      {},
      { AWS_USE_FIPS_ENDPOINT: 'true' },
      'https://bedrock-runtime-fips.us-east-1.amazonaws.com',
    ],
    ['dual-stack', { settings: { useDualstackEndpoint: true } }, {}, 'https://bedrock-runtime.us-east-1.api.aws'],
    [
      'the variable of the SDK',
      {},
      { AWS_ENDPOINT_URL_BEDROCK_RUNTIME: 'http://127.0.0.1:9/base/' },
      'http://127.0.0.1:9/base',
    ],
  ])('is found by %s', async (_name, options, variables, origin) => {
    expect(await addressOf(variables, options)).toBe(origin + path)
  })

  it('is the configured one, path included, before all others', async () => {
    const variables = { AWS_ENDPOINT_URL_BEDROCK_RUNTIME: 'http://127.0.0.1:9' }
    expect(await addressOf(variables, {}, 'https://vpce.example.com/base/')).toBe(
      `https://vpce.example.com/base${path}`,
    )
  })

  it('is found by the profile of the configuration', async () => {
    const AWS_CONFIG_FILE = configurationFile('[profile work]\nregion = ap-south-1\n')
    const options = { settings: { region: undefined, profile: 'work' } }
    expect(await addressOf({ AWS_CONFIG_FILE }, options)).toContain('bedrock-runtime.ap-south-1.')
    const unnamed = { settings: { region: undefined } }
    expect(await addressOf({ AWS_CONFIG_FILE, AWS_PROFILE: 'work' }, unnamed)).toContain('bedrock-runtime.ap-south-1.')
  })

  it('needs a Region, and says where it looked', async () => {
    const connect = () => connectBedrock(undefined, { settings: { region: undefined } })
    const error = await errorOf(withAwsEnvironment({}, connect))
    expect(error).toMatchObject({ code: 'configuration', deployment: 'chat' })
    expect(error.message).toMatch(/'region' of the deployment, AWS_REGION, and the profile 'default'/)
    const bad = await errorOf(withAwsEnvironment({ AWS_REGION: 'us-east-1/x' }, connect))
    expect(bad.message).toContain('us-east-1/x')
  })

  it('excludes FIPS where it is configured, also by the environment', async () => {
    for (const [variables, settings] of [
      [{}, { useFipsEndpoint: true }],
      [{ AWS_USE_DUALSTACK_ENDPOINT: 'true' }, {}],
    ] as const) {
      const connect = () => connectBedrock('http://127.0.0.1:9', { settings })
      const error = await errorOf(withAwsEnvironment(variables, connect))
      expect(error.code).toBe('configuration')
      expect(error.message).toContain("'endpoint' excludes 'useFipsEndpoint'")
    }
    expect(
      await addressOf(
        { AWS_USE_FIPS_ENDPOINT: 'true' },
        { settings: { useFipsEndpoint: false } },
        'http://127.0.0.1:9',
      ),
    ).toBeDefined()
  })

  it('names the Region where its host is unknown', async () => {
    const connection = await withAwsEnvironment({}, () =>
      connectBedrock(undefined, { settings: { region: 'us-nowhere-1' } }),
    )
    const errors = [await errorOf(connection.generate(helloRequest, openCall())), (await runStream(connection)).error]
    for (const error of errors) {
      expect(error).toMatchObject({ code: 'connection', phase: 'connect', platform: 'bedrock', requestId: 'request-1' })
      // A machine without a name service gives another reason, and no more can be said then.
      if (error?.message.includes('ENOTFOUND')) expect(error.message).toContain("Check the Region: 'us-nowhere-1'")
    }
    await connection.close()
  })

  it.each([
    [claudeModelId, 'anthropic.claude-3-5-sonnet-20241022-v2%3A0'],
    [
      'arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-3-7-sonnet-20250219-v1:0',
      'arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Ainference-profile%2Fus.anthropic.claude-3-7-sonnet-20250219-v1%3A0',
    ],
  ])('has the model as one label of its path: %s', async (modelId, label) => {
    const server = await startByteServer((socket) => socket.write(jsonAnswer(200, answer)))
    const connection = await connectBedrock(server.origin, { modelId })
    expect(await connection.generate(helloRequest, openCall())).toMatchObject({ text: 'Hello', model: modelId })
    expect(server.requests[0]?.head).toMatch(new RegExp(`^POST /model/${label}/converse HTTP/1.1\r\n`))
    expect(server.requests[0]?.head).toContain('accept-encoding: identity')
    await connection.close()
    await server.close()
  })
})

describe('loading the AWS SDK', () => {
  it('prints no warning about Node, and leaves the environment as it was', () => {
    const adapter = fileURLToPath(new URL('./index.ts', import.meta.url))
    const script = `process.on('warning', (warning) => console.log(String(warning)))
      const { bedrockAdapter } = await import(${JSON.stringify(adapter)})
      const before = JSON.stringify(process.env)
      const target = { deployment: 'd', model: 'm', servedModelName: 'x', apiKey: 'k', settings: { region: 'us-east-1' } }
      const connection = await bedrockAdapter.connect(target, { connectTimeoutMs: 1000, maxConnections: 1 })
      await connection.close()
      await new Promise((resolve) => setImmediate(resolve))
      console.log(before === JSON.stringify(process.env) ? 'unchanged' : 'changed')`
    const output = execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', script], {
      encoding: 'utf8',
    })
    expect(output).toBe('unchanged\n')
  })
})
