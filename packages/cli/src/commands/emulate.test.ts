import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { run, start } from '../../test/run.js'

describe('emulate', () => {
  it('serves until it is interrupted, and demands the key without showing it', async () => {
    const child = start(
      ['emulate', '--port', '0', '--speed', '0', '--model', 'codestral-22b-v0.1', '--api-key-from-env', 'K'],
      {
        K: 'secret-key',
      },
    )
    let output = ''
    child.stdout.setEncoding('utf8')
    for await (const text of child.stdout) {
      output += text
      if (output.includes('curl')) break
    }
    const url = /http:\/\/127\.0\.0\.1:\d+\/v1/.exec(output)?.[0] ?? ''
    expect(output).toContain('mistralai/Codestral-22B-v0.1')
    expect(output).toContain('Bearer $K')
    expect(output).not.toContain('secret-key')
    const withKey = await fetch(`${url}/models`, { headers: { authorization: 'Bearer secret-key' } })
    expect(JSON.stringify(await withKey.json())).toContain('Codestral-22B')
    expect((await fetch(`${url}/models`)).status).toBe(401)
    const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })))
    child.kill('SIGINT')
    expect(await ended).toEqual({ code: 0, signal: null })
    await expect(fetch(`${url}/models`)).rejects.toThrow()
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
