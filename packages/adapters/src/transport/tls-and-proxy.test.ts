import { readFileSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'
import { inspect } from 'node:util'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import type { AdapterContext } from '../adapter.js'
import { jsonAnswer, startByteServer } from '../testing/byte-server.js'
import { errorOf, helloRequest, openCall } from '../testing/run-stream.js'
import { vllmAdapter } from '../vllm/vllm-adapter.js'
import { readProxySettings } from './proxy-settings.js'

const fixture = (name: string): string => readFileSync(new URL(`./__fixtures__/${name}`, import.meta.url), 'utf8')
const ca = fixture('ca.pem')
const certificate = (name: string) => ({ cert: fixture(`${name}.pem`), key: fixture(`${name}.key`) })
const answer = '{"choices":[{"index":0,"message":{"content":"ok"},"finish_reason":"stop"}]}'

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

/** Listens on a free port until the test is over. */
async function listen(server: ReturnType<typeof createServer>): Promise<number> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}

/** A TLS server that answers every request. */
async function startTlsServer(options: TlsOptions): Promise<string> {
  const server = createTlsServer(options, (socket) => {
    socket.on('error', () => undefined)
    socket.on('data', (data) => {
      if (data.includes('"messages"')) socket.write(jsonAnswer(200, answer))
    })
  })
  server.on('tlsClientError', () => undefined)
  return `https://127.0.0.1:${await listen(server)}`
}

interface TestProxy {
  readonly url: string
  /** The first line and the credentials of every request. */
  readonly seen: { readonly line: string; readonly authorization: string | undefined }[]
}

/** A proxy that opens tunnels, or answers CONNECT with `refusal`. */
async function startProxy(refusal?: string): Promise<TestProxy> {
  const seen: TestProxy['seen'] = []
  const server = createServer((socket) => {
    socket.once('data', (data) => {
      const head = data.toString('latin1')
      const line = head.split('\r\n')[0] ?? ''
      seen.push({ line, authorization: /^proxy-authorization: (.*)\r$/im.exec(head)?.[1] })
      if (refusal !== undefined) socket.write(refusal)
      else openWay(socket, line, data)
    })
  })
  return { url: `http://127.0.0.1:${await listen(server)}`, seen }
}

function openWay(socket: Socket, line: string, data: Buffer): void {
  const isConnect = line.startsWith('CONNECT ')
  const target = new URL(isConnect ? `http://${line.split(' ')[1]}` : (line.split(' ')[1] ?? ''))
  const upstream = connect(Number(target.port), target.hostname, () => {
    if (isConnect) socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
    else upstream.write(data)
    socket.pipe(upstream).pipe(socket)
  })
  upstream.on('error', () => socket.destroy())
  socket.on('close', () => upstream.destroy())
}

async function ask(origin: string, more: Partial<AdapterContext>, apiKey?: string) {
  const target = { deployment: 'code', model: 'm', servedModelName: 'served', endpoint: `${origin}/v1`, settings: {} }
  const context = { connectTimeoutMs: 2_000, maxConnections: 2, ...more }
  const connection = await vllmAdapter.connect({ ...target, apiKey }, context)
  try {
    return await connection.generate(helloRequest, openCall())
  } finally {
    await connection.close()
  }
}

describe('TLS', () => {
  it('trusts the authority it is given', async () => {
    const origin = await startTlsServer(certificate('server'))
    expect((await ask(origin, { tls: { ca } })).text).toBe('ok')
    expect((await ask(origin, { tls: { ca: [ca] } })).text).toBe('ok')
  })

  it.each([
    ['expired', { ca }, 'has expired'],
    ['other', { ca }, 'is for another host name'],
    ['server', {}, "Set 'tls.ca'"],
    ['server', { ca, servername: 'wrong.example' }, 'is for another host name'],
  ])('refuses the certificate "%s" and says why', async (name, tls, words) => {
    const error = await errorOf(ask(await startTlsServer(certificate(name)), { tls }))
    expect(error).toMatchObject({ code: 'connection', phase: 'connect', retryable: false, deployment: 'code' })
    expect(error.message).toContain(words)
  })

  it('refuses a self-signed certificate, and takes it once it is named', async () => {
    const origin = await startTlsServer(certificate('self'))
    expect((await errorOf(ask(origin, {}))).message).toContain('is self-signed')
    expect((await ask(origin, { tls: { ca: fixture('self.pem') } })).text).toBe('ok')
  })

  it('takes a certificate for the name it is told', async () => {
    const origin = await startTlsServer(certificate('other'))
    expect((await ask(origin, { tls: { ca, servername: 'elsewhere.example' } })).text).toBe('ok')
  })

  it('takes any certificate only where that is said out loud', async () => {
    const origin = await startTlsServer(certificate('expired'))
    expect((await ask(origin, { tls: { dangerouslyAcceptAnyCertificate: true } })).text).toBe('ok')
  })

  it('presents its own certificate to a server that asks for one', async () => {
    const origin = await startTlsServer({ ...certificate('server'), ca, requestCert: true, rejectUnauthorized: true })
    expect((await ask(origin, { tls: { ca, ...certificate('client') } })).text).toBe('ok')
    const error = await errorOf(ask(origin, { tls: { ca } }))
    expect(error.code).toBe('connection')
    expect(error.message).toMatch(/certificate of the client.*'tls\.cert' and 'tls\.key'/)
  })

  it.each([
    [{ cert: fixture('client.pem') }, "no 'tls.key'"],
    [{ key: fixture('client.key') }, "no 'tls.cert'"],
    [{ ca: '/etc/ssl/ca.pem' }, 'PEM'],
    [{ ca: '-----BEGIN CERTIFICATE-----\nno\n-----END CERTIFICATE-----' }, 'PEM'],
    [{ cert: fixture('client.pem'), key: fixture('other.key') }, 'do not belong together'],
  ])('refuses settings that cannot be used', async (tls, words) => {
    const error = await errorOf(ask('https://127.0.0.1:9', { tls }))
    expect(error).toMatchObject({ code: 'configuration', deployment: 'code' })
    expect(error.message).toContain(words)
    expect(inspect(error)).not.toContain('PRIVATE KEY')
  })
})

describe('a proxy', () => {
  const credentials = `Basic ${Buffer.from('me:s3cret/p@ss').toString('base64')}`
  const withCredentials = (url: string) => url.replace('http://', 'http://me:s3cret%2Fp%40ss@')

  it('tunnels to an https endpoint and never sees the request', async () => {
    const origin = await startTlsServer(certificate('server'))
    const proxy = await startProxy()
    expect((await ask(origin, { tls: { ca }, proxy: withCredentials(proxy.url) })).text).toBe('ok')
    expect(proxy.seen).toEqual([{ line: `CONNECT ${new URL(origin).host} HTTP/1.1`, authorization: credentials }])
  })

  it('is sent whole URLs for an http endpoint', async () => {
    const server = await startByteServer((socket) => socket.write(jsonAnswer(200, answer)))
    closers.push(() => server.close())
    const proxy = await startProxy()
    expect((await ask(server.origin, { proxy: withCredentials(proxy.url) })).text).toBe('ok')
    const line = `POST ${server.origin}/v1/chat/completions HTTP/1.1`
    expect(proxy.seen).toEqual([{ line, authorization: credentials }])
    expect(server.requests[0]?.head).toMatch(new RegExp(`^host: ${new URL(server.origin).host}\\r$`, 'im'))
  })

  it('does not hide a certificate that is wrong', async () => {
    const proxy = await startProxy()
    const error = await errorOf(ask(await startTlsServer(certificate('expired')), { tls: { ca }, proxy: proxy.url }))
    expect(error.message).toContain('has expired')
  })

  it.each([
    ['HTTP/1.1 407 Proxy Authentication Required\r\n\r\n', 'with 407. It wants other credentials', false],
    ['HTTP/1.1 403 Forbidden\r\n\r\n', 'with 403. It does not allow', false],
    ['HTTP/1.1 502 Bad Gateway\r\n\r\n', 'with 502. It cannot reach', true],
    ['SSH-2.0-OpenSSH_9.6\r\n\r\n', 'does not speak HTTP', false],
    [`HTTP/1.1 200 ${'x'.repeat(20_000)}`, 'head without end', false],
  ])('that refuses is named: %s', async (refusal, words, retryable) => {
    const proxy = await startProxy(refusal)
    const error = await errorOf(ask('https://127.0.0.1:9', { proxy: withCredentials(proxy.url) }))
    expect(error).toMatchObject({ code: 'connection', phase: 'connect', retryable })
    expect(error.message).toContain(`the proxy ${proxy.url}`)
    expect(error.message).toContain(words)
    expect(inspect(error, { depth: Number.POSITIVE_INFINITY }) + JSON.stringify(error)).not.toMatch(/s3cret/)
  })

  it('that is down is named, and so is one that says nothing', async () => {
    const down = await startByteServer(() => undefined)
    await down.close()
    const error = await errorOf(ask('https://127.0.0.1:9', { proxy: down.origin }))
    expect(error).toMatchObject({ code: 'connection', retryable: true })
    expect(error.message).toContain(`the proxy ${down.origin} could not be reached (ECONNREFUSED)`)
    const silent = await startProxy('')
    const late = await errorOf(ask('https://127.0.0.1:9', { proxy: silent.url, connectTimeoutMs: 60 }))
    expect(late).toMatchObject({ code: 'timeout', which: 'connect', timeoutMs: 60 })
    expect(late.message).toContain(`the proxy ${silent.url} did not open a tunnel`)
  })

  it('of an http endpoint that wants credentials is an authentication error without them in it', async () => {
    const proxy = await startProxy(jsonAnswer(407, `you sent ${credentials}`))
    const error = await errorOf(ask('http://127.0.0.1:9', { proxy: withCredentials(proxy.url) }))
    expect(error).toMatchObject({ code: 'authentication', status: 407 })
    expect(error.message).toContain('credentials')
    expect(inspect(error)).not.toContain(credentials.slice(6))
  })

  it.each(['proxy:3128', 'socks5://proxy:1080', 'http://%zz:x@proxy', 'no url'])('%s cannot be used', async (proxy) => {
    expect(await errorOf(ask('http://127.0.0.1:9', { proxy }))).toMatchObject({ code: 'configuration' })
  })
})

describe('readProxySettings', () => {
  const read = (origin: string, environment: Record<string, string>, proxy = 'environment') => {
    const found = readProxySettings(proxy, origin, environment)
    return typeof found === 'object' ? found.origin : found
  }

  it.each([
    ['https://api.example', { HTTPS_PROXY: 'http://a:1' }, 'http://a:1'],
    ['https://api.example', { HTTPS_PROXY: 'http://a:1', https_proxy: 'http://b:2' }, 'http://b:2'],
    ['http://api.example', { HTTPS_PROXY: 'http://a:1' }, undefined],
    ['http://api.example', { HTTP_PROXY: 'http://a:1' }, 'http://a:1'],
    ['https://api.example', { HTTPS_PROXY: 'http://a:1', NO_PROXY: 'x, api.example' }, undefined],
    ['https://api.example', { HTTPS_PROXY: 'http://a:1', NO_PROXY: '.example' }, undefined],
    ['https://api.example', { HTTPS_PROXY: 'http://a:1', NO_PROXY: 'i.example' }, 'http://a:1'],
    ['https://api.example', { HTTPS_PROXY: 'http://a:1', NO_PROXY: 'api.example:444' }, 'http://a:1'],
    ['https://api.example', { HTTPS_PROXY: 'http://a:1', NO_PROXY: 'api.example:443' }, undefined],
    ['https://api.example', { HTTPS_PROXY: 'http://a:1', NO_PROXY: '*' }, undefined],
    ['https://api.example', {}, undefined],
  ])('%s with %j', (origin, environment, expected) => {
    expect(read(origin, environment)).toBe(expected)
  })

  it('looks at the environment only where it is told to', () => {
    expect(readProxySettings(undefined, 'https://api.example', { HTTPS_PROXY: 'http://a:1' })).toBeUndefined()
    expect(read('https://api.example', { NO_PROXY: '*' }, 'http://named:1')).toBe('http://named:1')
  })

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (proxy, list) => {
        readProxySettings(proxy, 'https://api.example', {})
        readProxySettings('environment', 'https://api.example', { HTTPS_PROXY: proxy, NO_PROXY: list })
      }),
    )
  })
})
