import { setMaxListeners } from 'node:events'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { eventStream, jsonAnswer, startByteServer } from '../testing/byte-server.js'
import { connectAzureOpenAI } from '../testing/connect-azure-openai.js'
import { errorOf, helloRequest, openCall, runStream } from '../testing/run-stream.js'
import { EntraAuthorizer } from './entra-authorizer.js'
import type { AccessToken, TokenCredential } from './token-credential.js'

const scope = 'https://cognitiveservices.azure.com/.default'
const hourMs = 3_600_000
const context = {
  deployment: 'chat',
  platform: 'azure-openai',
  method: 'POST',
  url: 'https://example.openai.azure.com',
  requestId: 'r',
  redact: (text: string) => text,
}
const { signal } = new AbortController()
setMaxListeners(0, signal)

/** A credential whose tokens are numbered, and a clock that stands still until it is set. */
function numbered(lifetimeMs = hourMs, more: Partial<AccessToken> = {}) {
  const clock = { nowMs: 1_000_000 }
  const asked: unknown[] = []
  const credential: TokenCredential = {
    async getToken(scopes) {
      asked.push(scopes)
      return { token: `token-${asked.length}`, expiresOnTimestamp: clock.nowMs + lifetimeMs, ...more }
    },
  }
  const authorizer = new EntraAuthorizer({ credential, scope, secrets: [], now: () => clock.nowMs })
  return { clock, asked, authorizer }
}

/** Lets everything that is ready run. */
const settle = () => new Promise((resolve) => setImmediate(resolve))

describe('EntraAuthorizer', () => {
  it('asks once, however many wait, and keeps the token', async () => {
    const { asked, authorizer } = numbered()
    expect(authorizer.current()).toBeUndefined()
    const all = await Promise.all(Array.from({ length: 20 }, () => authorizer.authorize(signal, context)))
    expect(new Set(all.map(({ headers }) => headers['authorization']))).toEqual(new Set(['Bearer token-1']))
    expect(authorizer.current()).toBe(all[0])
    expect(asked).toEqual([scope])
  })

  it('renews five minutes before the end, and goes on with the old token meanwhile', async () => {
    const { clock, asked, authorizer } = numbered()
    const first = await authorizer.authorize(signal, context)
    clock.nowMs += hourMs - 300_001
    expect(authorizer.current()).toBe(first)
    await settle()
    expect(asked).toHaveLength(1)
    clock.nowMs += 1
    expect(authorizer.current()).toBe(first)
    expect(authorizer.current()).toBe(first)
    await settle()
    expect(asked).toHaveLength(2)
    expect(authorizer.current()?.headers).toEqual({ authorization: 'Bearer token-2' })
  })

  it('renews when the credential says so', async () => {
    const { clock, asked, authorizer } = numbered(hourMs, { refreshAfterTimestamp: 1_000_000 + 60_000 })
    await authorizer.authorize(signal, context)
    clock.nowMs += 60_000
    authorizer.current()
    await settle()
    expect(asked).toHaveLength(2)
  })

  it('does not ask for every request where tokens last a minute', async () => {
    const { clock, asked, authorizer } = numbered(60_000)
    await authorizer.authorize(signal, context)
    clock.nowMs += 29_999
    authorizer.current()
    await settle()
    expect(asked).toHaveLength(1)
  })

  it('never uses a token that is about to expire', async () => {
    const { clock, authorizer } = numbered()
    await authorizer.authorize(signal, context)
    clock.nowMs += hourMs - 10_000
    expect(authorizer.current()).toBeUndefined()
  })

  it('keeps the old token where renewing fails, and tries again after 30 seconds', async () => {
    let asked = 0
    const clock = { nowMs: 0 }
    const credential: TokenCredential = {
      async getToken() {
        if (asked++ > 0) throw new Error('offline')
        return { token: 'first', expiresOnTimestamp: hourMs }
      },
    }
    const authorizer = new EntraAuthorizer({ credential, scope, secrets: [], now: () => clock.nowMs })
    const first = await authorizer.authorize(signal, context)
    clock.nowMs = hourMs - 300_000
    for (let time = 0; time < 10; time++) {
      expect(authorizer.current()).toBe(first)
      await settle()
    }
    expect(asked).toBe(2)
    clock.nowMs += 30_000
    authorizer.current()
    await settle()
    expect(asked).toBe(3)
  })

  it('replaces a refused token that is a minute old, once, whoever asks', async () => {
    const { clock, authorizer } = numbered()
    const first = await authorizer.authorize(signal, context)
    expect(first.onRefused()).toBe(false)
    expect(authorizer.current()).toBe(first)
    clock.nowMs += 60_000
    expect(first.onRefused()).toBe(true)
    expect(authorizer.current()).toBeUndefined()
    const second = await authorizer.authorize(signal, context)
    // A request that went out with the first token comes back late: the second one is not thrown away.
    expect(first.onRefused()).toBe(true)
    expect(authorizer.current()).toBe(second)
    expect(second.onRefused()).toBe(false)
    expect(authorizer.current()).toBe(second)
    clock.nowMs += 60_000
    expect(second.onRefused()).toBe(true)
  })

  it('gives up a credential that does not answer, and asks it again', async () => {
    let asked = 0
    let aborted = 0
    const credential: TokenCredential = {
      getToken(_scopes, options) {
        asked++
        options?.abortSignal?.addEventListener('abort', () => aborted++)
        return new Promise(() => undefined)
      },
    }
    const authorizer = new EntraAuthorizer({ credential, scope, secrets: [], timeoutMs: 5 })
    for (const _time of [1, 2]) {
      const error = await errorOf(authorizer.authorize(signal, context))
      expect(error).toMatchObject({ code: 'authentication', retryable: false, phase: 'configuration' })
      expect(error.message).toContain('within 5 ms')
    }
    expect([asked, aborted]).toEqual([2, 2])
  })

  it('lets one caller give up without the others', async () => {
    let give: (token: AccessToken) => void = () => undefined
    const credential: TokenCredential = { getToken: () => new Promise((resolve) => (give = resolve)) }
    const authorizer = new EntraAuthorizer({ credential, scope, secrets: [] })
    const controller = new AbortController()
    const impatient = errorOf(authorizer.authorize(controller.signal, context))
    const patient = authorizer.authorize(signal, context)
    await settle()
    controller.abort()
    expect((await impatient).code).toBe('aborted')
    give({ token: 'late', expiresOnTimestamp: Date.now() + hourMs })
    expect((await patient).headers).toEqual({ authorization: 'Bearer late' })
  })

  it.each<[string, unknown, string]>([
    ['nothing', null, 'gave no token'],
    ['a text', 'token', 'gave no token'],
    ['no token', { expiresOnTimestamp: 1e15 }, "without a 'token'"],
    ['an empty token', { token: '', expiresOnTimestamp: 1e15 }, "without a 'token'"],
    ['a line break', { token: 'se\r\ncret: x', expiresOnTimestamp: 1e15 }, 'no HTTP header can hold'],
    ['no time', { token: 'secret-token' }, "without 'expiresOnTimestamp'"],
    ['a time in seconds', { token: 'secret-token', expiresOnTimestamp: 1_900_000_000 }, 'expired already'],
  ])('refuses %s', async (_what, answer, says) => {
    const credential: TokenCredential = { getToken: async () => answer as AccessToken }
    const authorizer = new EntraAuthorizer({ credential, scope, secrets: [] })
    const error = await errorOf(authorizer.authorize(signal, context))
    expect(error).toMatchObject({ code: 'authentication', retryable: false })
    expect(error.message).toContain(says)
    expect(error.message).not.toContain('secret')
  })
})

function credentialOf(...tokens: string[]): TokenCredential {
  let count = 0
  return {
    async getToken() {
      const token = tokens[Math.min(count++, tokens.length - 1)]
      if (token === undefined) throw new Error('CredentialUnavailableError: no identity on this machine')
      return { token, expiresOnTimestamp: Date.now() + hourMs }
    },
  }
}

const goodAnswer = JSON.stringify({
  id: '1',
  model: 'm',
  choices: [{ index: 0, message: { content: 'ok' }, finish_reason: 'stop' }],
})
const refusal = (token: string) =>
  JSON.stringify({ error: { code: '401', message: `Unauthorized. Access token ${token} is invalid or has expired.` } })

describe('requests with Microsoft Entra ID', () => {
  afterEach(() => void vi.useRealTimers())

  it('a refused token is worth one more attempt, with another token; its text is in no error', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    let requests = 0
    const server = await startByteServer((socket, { head }) => {
      const token = /authorization: Bearer (\S+)/i.exec(head)?.[1] ?? ''
      const isGood = token === 'good-token' || requests++ === 0
      socket.write(isGood ? jsonAnswer(200, goodAnswer) : jsonAnswer(401, refusal(token)))
    })
    const credential = credentialOf('stale-token', 'good-token')
    const connection = await connectAzureOpenAI(server.origin, { apiKey: null, credential })
    expect((await connection.generate(helloRequest, openCall())).text).toBe('ok')
    vi.setSystemTime(Date.now() + 60_000)
    const error = await errorOf(connection.generate(helloRequest, openCall()))
    expect(error).toMatchObject({ code: 'authentication', retryable: true, status: 401 })
    expect(`${error.stack}${JSON.stringify(error)}`).not.toContain('stale-token')
    expect((await connection.generate(helloRequest, openCall())).text).toBe('ok')
    expect(server.requests.some(({ head }) => /^api-key:/im.test(head))).toBe(false)
    await connection.close()
    await server.close()
  })

  it('a new token that is refused is not worth another attempt', async () => {
    const server = await startByteServer((socket) => socket.write(jsonAnswer(401, refusal('x'))))
    const credential = credentialOf('wrong-audience')
    const connection = await connectAzureOpenAI(server.origin, { apiKey: null, credential })
    const error = await errorOf(connection.generate(helloRequest, openCall()))
    expect(error).toMatchObject({ code: 'authentication', retryable: false })
    expect(error.message).toContain('Check the scope')
    await connection.close()
    await server.close()
  })

  it('a credential that fails is an authentication error, in a stream too, and nothing is sent', async () => {
    const server = await startByteServer((socket) => socket.write(eventStream('data: [DONE]\n\n')))
    const connection = await connectAzureOpenAI(server.origin, { apiKey: null, credential: credentialOf() })
    const { error, events } = await runStream(connection)
    expect(error).toMatchObject({ code: 'authentication', retryable: false, deployment: 'chat' })
    expect(error?.message).toContain('no identity on this machine')
    expect(error?.message).toContain('az login')
    expect(events).toEqual([])
    expect(server.requests).toHaveLength(0)
    await connection.close()
    await server.close()
  })
})
