import { type Fault, startEmulator } from '@duo-models/emulator'
import { describe, expect, it } from 'vitest'
import { startByteServer } from '../testing/byte-server.js'
import { connectTo, errorOf } from '../testing/run-stream.js'

const apiKey = 'k3y-nobody-should-see'
const patient = () => ({ signal: new AbortController().signal, timeoutMs: 5_000 })

async function checkWith(fault?: Partial<Fault>) {
  const faults = fault === undefined ? [] : [{ path: '/health', ...fault } as Fault]
  await using emulator = await startEmulator({ platform: 'vllm', servedModelName: 'served', apiKey, faults })
  const connection = await connectTo(emulator.url, { apiKey })
  try {
    return { health: await connection.checkHealth?.(patient()), requests: [...emulator.requests] }
  } finally {
    await connection.close()
  }
}

describe('the health check of a vLLM server', () => {
  it('asks /health beside /v1, and nothing else', async () => {
    const { health, requests } = await checkWith()
    expect(health).toBe('healthy')
    expect(requests.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /health'])
  })

  it('asks below the path that stands before /v1', async () => {
    const server = await startByteServer((socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'))
    const connection = await connectTo(`${server.origin}/llm`)
    expect(await connection.checkHealth?.(patient())).toBe('healthy')
    expect(server.requests[0]?.head).toMatch(/^GET \/llm\/health HTTP\/1\.1\r\n/)
    await connection.close()
    await server.close()
  })

  it.each([
    [503, 'overloaded'],
    [500, 'server'],
    [502, 'server'],
  ])('fails where the engine has died: %s is %s', async (status, code) => {
    await expect(checkWith({ kind: 'status', status })).rejects.toMatchObject({ code, status, deployment: 'code' })
  })

  it.each([404, 405, 429, 501])('is unknown where a gateway answers %s', async (status) => {
    expect((await checkWith({ kind: 'status', status })).health).toBe('unknown')
  })

  it('is unknown where a gateway shows a page, or sends elsewhere', async () => {
    expect((await checkWith({ kind: 'html' })).health).toBe('unknown')
    const elsewhere = { kind: 'status', status: 302, headers: { location: 'http://127.0.0.1:1/' } } as const
    expect((await checkWith(elsewhere)).health).toBe('unknown')
  })

  it.each([401, 403])('takes %s for somebody who is there', async (status) => {
    expect((await checkWith({ kind: 'status', status })).health).toBe('healthy')
  })

  it('fails where nobody listens, and shows no key', async () => {
    const server = await startByteServer(() => undefined)
    await server.close()
    const connection = await connectTo(server.origin, { apiKey })
    const error = await errorOf(connection.checkHealth?.(patient()) ?? Promise.resolve())
    expect(error).toMatchObject({ code: 'connection' })
    expect(JSON.stringify(error)).not.toContain(apiKey)
    await connection.close()
  })

  it('settles although nobody answers, and when it is given up; the socket closes', async () => {
    const server = await startByteServer(() => undefined)
    const connection = await connectTo(server.origin)
    const late = await errorOf(connection.checkHealth?.({ ...patient(), timeoutMs: 50 }) ?? Promise.resolve())
    expect(late).toMatchObject({ code: 'timeout', timeoutMs: 50 })
    const controller = new AbortController()
    const given = errorOf(connection.checkHealth?.({ ...patient(), signal: controller.signal }) ?? Promise.resolve())
    await expect.poll(() => server.requests.length).toBe(2)
    controller.abort()
    expect(await given).toMatchObject({ code: 'aborted' })
    await expect.poll(() => server.connections.open).toBe(0)
    await connection.close()
    await server.close()
  })
})
