import type { Socket } from 'node:net'
import { ProxyError } from './proxy-error.js'
import type { ProxySettings } from './proxy-settings.js'

/** A longer answer to CONNECT is none. */
const maxHeadBytes = 16 * 1024

/**
 * Asks the proxy at the other end of `socket` for a tunnel to `host` (with its port), and calls back once: with nothing
 * when the socket leads there, or with what went wrong. The socket is destroyed then.
 */
export function openTunnel(
  socket: Socket,
  { origin, authorization }: ProxySettings,
  host: string,
  timeoutMs: number,
  callback: (error?: ProxyError) => void,
): void {
  let received = Buffer.alloc(0)
  const settle = (explanation?: string, more: { retryable?: boolean; isTimeout?: boolean; cause?: unknown } = {}) => {
    clearTimeout(timer)
    socket.off('data', onData).off('error', onError).off('close', onClose)
    if (explanation === undefined) {
      callback()
      return
    }
    socket.on('error', () => undefined).destroy()
    callback(new ProxyError({ proxy: origin, explanation, retryable: true, ...more }))
  }
  const onData = (chunk: Buffer): void => {
    received = Buffer.concat([received, chunk])
    const end = received.indexOf('\r\n\r\n')
    if (end === -1) {
      if (received.length > maxHeadBytes) settle('answered CONNECT with a head without end.', { retryable: false })
      return
    }
    socket.pause()
    // What the server behind the tunnel says first would be lost; a TLS server waits for the client.
    const refusal = findRefusal(received.subarray(0, end).toString('latin1'), host)
    if (refusal) settle(refusal.explanation, { retryable: refusal.retryable })
    else settle()
  }
  const onError = (cause: Error): void => settle('broke the connection.', { cause })
  const onClose = (): void => settle('closed the connection instead of answering CONNECT.')
  const timer = setTimeout(() => {
    settle(`did not open a tunnel within ${timeoutMs} ms.`, { isTimeout: true })
  }, timeoutMs)
  socket.on('data', onData).on('error', onError).on('close', onClose)
  const credentials = authorization === undefined ? '' : `proxy-authorization: ${authorization}\r\n`
  socket.write(`CONNECT ${host} HTTP/1.1\r\nhost: ${host}\r\n${credentials}\r\n`)
}

function findRefusal(head: string, host: string): { explanation: string; retryable: boolean } | undefined {
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1] ?? 0)
  if (status >= 200 && status < 300) return undefined
  const what = `answered CONNECT ${host} with ${status}.`
  if (status === 0) return { explanation: 'does not speak HTTP. Check its scheme and port.', retryable: false }
  if (status === 407)
    return { explanation: `${what} It wants other credentials: set them in the URL of the proxy.`, retryable: false }
  if (status >= 500) return { explanation: `${what} It cannot reach the server now.`, retryable: true }
  return { explanation: `${what} It does not allow this host or port.`, retryable: false }
}
