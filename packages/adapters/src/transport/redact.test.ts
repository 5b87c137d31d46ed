import { inspect } from 'node:util'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DuoModelError } from '../errors/duo-model-error.js'
import {
  type ByteServer,
  chunked,
  eventStream,
  jsonAnswer,
  lastChunk,
  responseHead,
  startByteServer,
} from '../testing/byte-server.js'
import { connectTo, errorOf, helloRequest, openCall, runStream } from '../testing/run-stream.js'
import { createRedact, maskCredentials } from './redact.js'

const apiKeys = fc.string({
  unit: fc.constantFrom(...'abcdefXYZ0123456789-_.~+/=!#$%&*?|\\"\'<>{}[]()^`@:;,'),
  minLength: 8,
  maxLength: 40,
})

/** Everything a program or a person may see of an error. */
function everythingOf(error: DuoModelError): string {
  const chain: string[] = []
  for (let each: unknown = error; each instanceof Error; each = each.cause)
    chain.push(
      each.message,
      String(each.stack),
      JSON.stringify(each),
      inspect(each, { depth: Number.POSITIVE_INFINITY, showHidden: true }),
    )
  return `${chain.join('\n')}${JSON.stringify(error.toJSON())}`
}

function formsOf(key: string): string[] {
  const json = JSON.stringify(key).slice(1, -1)
  return [key, json, encodeURIComponent(key), Buffer.from(key).toString('base64').replace(/=+$/, '').slice(0, -1)]
}

describe('an API key', () => {
  let server: ByteServer
  let key = ''
  let reply: (key: string) => string | Buffer = () => ''
  beforeAll(async () => {
    server = await startByteServer((socket) => socket.end(reply(key)))
  })
  afterAll(() => server.close())

  const echo = (text: string): string => JSON.stringify({ error: { message: text, code: 400 } })
  const paths: Readonly<Record<string, (key: string) => string | Buffer>> = {
    'error body': (text) => jsonAnswer(401, echo(`Incorrect API key provided: ${text}.`)),
    'encoded error body': (text) => jsonAnswer(400, echo(`${formsOf(text).join(' ')} `)),
    'plain error body': (text) => jsonAnswer(500, `upstream said ${text}${'x'.repeat(300)}`),
    'long error body': (text) => jsonAnswer(500, `${'x'.repeat(190)} ${text}`),
    'good status': (text) => jsonAnswer(200, JSON.stringify({ echo: text })),
    'no JSON': (text) => jsonAnswer(200, `<p>${text}</p>`),
    'error in the stream': (text) => eventStream(`data: ${echo(text)}\n\n`),
    'broken event': (text) => eventStream(`data: {${text}\n\n`),
    redirect: (text) =>
      jsonAnswer(302, '', [
        ['location', `http://${encodeURIComponent(text)}@127.0.0.1:1/?key=${encodeURIComponent(text)}`],
      ]),
    'no HTTP': (text) => `${text} ${text}\r\n\r\n`,
    'header that is none': (text) => `HTTP/1.1 200 OK\r\nauthorization ${text}\r\n\r\n`,
    'broken chunk': (text) =>
      `${responseHead(200, [
        ['content-type', 'text/event-stream'],
        ['transfer-encoding', 'chunked'],
      ])}${chunked(text)}${text}${lastChunk}`,
  }

  for (const [name, path] of Object.entries(paths)) {
    it(`is in no error: ${name}`, async () => {
      reply = path
      await fc.assert(
        fc.asyncProperty(apiKeys, async (apiKey) => {
          key = apiKey
          const connection = await connectTo(server.origin, { apiKey })
          const streamed = (await runStream(connection)).error
          const errors = [await errorOf(connection.generate(helloRequest, openCall())), ...(streamed ? [streamed] : [])]
          await connection.close()
          for (const error of errors)
            for (const form of formsOf(apiKey)) expect(everythingOf(error)).not.toContain(form)
        }),
        { numRuns: 25 },
      )
    })
  }

  it('is in no error of the configuration', async () => {
    for (const apiKey of ['sk-line-break\n', 'sk-blank inside', 'sk-ümlaut']) {
      const error = await errorOf(connectTo('http://127.0.0.1:1', { apiKey }))
      expect(error.code).toBe('configuration')
      expect(everythingOf(error)).not.toContain(apiKey.trim())
    }
    const userinfo = await errorOf(connectTo('http://user:pa55word@127.0.0.1:1'))
    expect(everythingOf(userinfo)).not.toContain('pa55word')
  })
})

describe('createRedact', () => {
  it('masks the key inside a longer base64 text, at every alignment', () => {
    const redact = createRedact(['sk-secret-key-123456'])
    for (const before of ['', 'a', 'ab', 'abc'])
      expect(redact(Buffer.from(`${before}sk-secret-key-123456:`).toString('base64'))).toContain('[redacted]')
  })

  it('leaves other text alone', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'abc xyz.,(){}\n'), maxLength: 60 }), (text) => {
        expect(createRedact(['sk-secret-key-123456'])(text)).toBe(text)
      }),
    )
    expect(maskCredentials('Bearer token missing; Basic authentication required')).toBe(
      'Bearer token missing; Basic authentication required',
    )
  })
})
