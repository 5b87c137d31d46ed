import { inspect } from 'node:util'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DuoModelError } from '../errors/duo-model-error.js'
import {
  type ByteServer,
  chunked,
  jsonAnswer,
  lastChunk,
  type ReceivedRequest,
  responseHead,
  startByteServer,
} from '../testing/byte-server.js'
import { connectBedrock, withAwsEnvironment } from '../testing/connect-bedrock.js'
import { encodeConverseEvent, encodeEventStreamMessage } from '../testing/event-stream-message.js'
import { errorOf, helloRequest, openCall, runStream } from '../testing/run-stream.js'

/** Everything of an error that somebody may print or store. */
function everythingOf(error: DuoModelError): string {
  const cause = error.cause instanceof Error ? error.cause : undefined
  const shown = [error.message, error.stack, JSON.stringify(error), inspect(error, { depth: 10, showHidden: true })]
  return [...shown, String(error), inspect(cause, { depth: 10, showHidden: true })].join('\n')
}

/** What AWS quotes when a signature does not match: the whole request, headers included. */
function quotedRequest({ head }: ReceivedRequest): string {
  return `The request signature we calculated does not match. The Canonical String for this request should have been '${head}'`
}

type Path = (request: ReceivedRequest) => string | Buffer

const streamHead = responseHead(200, [
  ['content-type', 'application/vnd.amazon.eventstream'],
  ['transfer-encoding', 'chunked'],
])
const stream = (message: Buffer) => Buffer.concat([Buffer.from(streamHead), chunked(message), Buffer.from(lastChunk)])
const exception = { ':message-type': 'exception', ':exception-type': 'validationException' }

/** The ways by which a server may give back what it was sent. */
const paths: Readonly<Record<string, Path>> = {
  'the message of an exception': (request) =>
    jsonAnswer(403, JSON.stringify({ message: quotedRequest(request) }), [
      ['x-amzn-errortype', 'InvalidSignatureException'],
    ]),
  'a body that is no JSON': (request) => jsonAnswer(500, quotedRequest(request)),
  'an answer that is no answer': (request) => jsonAnswer(200, JSON.stringify({ quoted: quotedRequest(request) })),
  'an exception in a stream': (request) =>
    stream(encodeEventStreamMessage(exception, JSON.stringify({ message: quotedRequest(request) }))),
  'an error in a stream': (request) =>
    stream(
      encodeEventStreamMessage(
        { ':message-type': 'error', ':error-code': 'x', ':error-message': quotedRequest(request) },
        '',
      ),
    ),
  'an event that is no JSON': (request) =>
    stream(encodeEventStreamMessage({ ':message-type': 'event', ':event-type': quotedRequest(request) }, '{')),
  'a request id': (request) =>
    jsonAnswer(400, '{"message":"x"}', [['x-amzn-requestid', encodeURIComponent(quotedRequest(request))]]),
  'a request id that is a key': ({ head }) => {
    const key = /(?:Credential=|Bearer )([\w.:-]+)/.exec(head)?.[1] ?? ''
    return jsonAnswer(400, '{"message":"x"}', [['x-amzn-requestid', key]])
  },
  'a redirect': (request) =>
    jsonAnswer(302, '', [['location', `http://x/${encodeURIComponent(quotedRequest(request))}`]]),
  'no HTTP': (request) => `${quotedRequest(request)}\r\n\r\n`,
}

let server: ByteServer
let reply: Path = () => ''

beforeAll(async () => {
  server = await startByteServer((socket, request) => {
    socket.end(reply(request))
  })
})
afterAll(() => server.close())

async function errorsOf(apiKey: string | undefined): Promise<DuoModelError[]> {
  const connection = await connectBedrock(server.origin, { apiKey })
  const streamed = (await runStream(connection)).error
  const errors = [await errorOf(connection.generate(helloRequest, openCall())), ...(streamed ? [streamed] : [])]
  await connection.close()
  return errors
}

const secret = fc
  .string({ unit: fc.constantFrom(...'abcDEF019+/=-_.~'), minLength: 16, maxLength: 60 })
  .filter((text) => /[a-z]/i.test(text))

describe.each(Object.entries(paths))('given back as %s', (_name, path) => {
  it('no secret of AWS is in an error', async () => {
    reply = path
    const key = fc.string({ unit: fc.constantFrom(...'ABCDEFGHIJ234567'), minLength: 16, maxLength: 16 })
    await fc.assert(
      fc.asyncProperty(key, secret, secret, async (id, secretAccessKey, sessionToken) => {
        const AWS_ACCESS_KEY_ID = `ASIA${id}`
        const variables = { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken }
        const errors = await withAwsEnvironment(variables, () => errorsOf(undefined))
        const signatures = server.requests.map(({ head }) => /Signature=([0-9a-f]{64})/.exec(head)?.[1] ?? '')
        expect(errors).toHaveLength(2)
        for (const error of errors)
          for (const text of [AWS_ACCESS_KEY_ID, secretAccessKey, sessionToken, ...signatures.slice(-2)])
            expect(everythingOf(error)).not.toContain(text)
      }),
      { numRuns: 15 },
    )
  })

  it('no Bedrock API key is in an error', async () => {
    reply = path
    await fc.assert(
      fc.asyncProperty(secret, async (apiKey) => {
        const errors = await withAwsEnvironment({}, () => errorsOf(apiKey))
        for (const error of errors) expect(everythingOf(error)).not.toContain(apiKey)
        const fromEnvironment = { AWS_BEARER_TOKEN_BEDROCK: apiKey }
        const others = await withAwsEnvironment(fromEnvironment, () => errorsOf(undefined))
        for (const error of others) expect(everythingOf(error)).not.toContain(apiKey)
      }),
      { numRuns: 10 },
    )
  })
})

describe('before anything is sent', () => {
  it('no secret of the environment is in an error about credentials', async () => {
    const variables = {
      AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
      AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://example.com/not-allowed',
      AWS_CONTAINER_AUTHORIZATION_TOKEN: 'token-of-the-container',
    }
    for (const error of await withAwsEnvironment(variables, () => errorsOf(undefined))) {
      expect(error.code).toBe('authentication')
      expect(everythingOf(error)).not.toMatch(/AKIAIOSFODNN7EXAMPLE|token-of-the-container/)
    }
  })

  it('no key is in an error of the configuration', async () => {
    const error = await errorOf(connectBedrock('http://user:pa55word@127.0.0.1:1', { apiKey: 'key-of-mine' }))
    expect(everythingOf(error)).not.toMatch(/pa55word|key-of-mine/)
    const other = await errorOf(connectBedrock(server.origin, { apiKey: 'key of mine' }))
    expect(everythingOf(other)).not.toContain('key of mine')
  })
})

describe('a connection', () => {
  it('shows no secret when it is printed', async () => {
    const variables = { AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret-of-mine' }
    await withAwsEnvironment(variables, async () => {
      reply = () => stream(encodeConverseEvent('messageStart', { role: 'assistant' }))
      for (const apiKey of [undefined, 'key-of-mine']) {
        const connection = await connectBedrock(server.origin, { apiKey })
        await runStream(connection)
        const shown = `${inspect(connection, { depth: 10, showHidden: true })}${JSON.stringify(connection)}`
        expect(shown).not.toMatch(/AKIAIOSFODNN7EXAMPLE|secret-of-mine|key-of-mine/)
        await connection.close()
      }
    })
  })
})
