import { Buffer } from 'node:buffer'
import { connect, type Socket } from 'node:net'
import type { Connector } from './create-connector.js'

/** As large as a read can be. */
const readBufferBytes = 64 * 1024
const keepAliveInitialDelayMs = 60_000

/**
 * One buffer for the reads of all sockets: Node fills it and calls back before it reads anything else. Left alone, Node
 * allocates 64 KiB for every read and gives back what was not filled, which for a token of 300 bytes costs more than
 * decoding it.
 */
const readBuffer = Buffer.allocUnsafeSlow(readBufferBytes)

/**
 * Opens connections without TLS.
 * @param timeoutMs most time until a connection is open
 */
export function createPlainConnector(timeoutMs: number): Connector {
  return ({ hostname, port, localAddress }, callback) => {
    const options = {
      host: hostname,
      port: Number(port || 80),
      ...(localAddress && { localAddress }),
      highWaterMark: readBufferBytes,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: keepAliveInitialDelayMs,
      onread: { buffer: readBuffer, callback: (length: number): boolean => socket.push(copyOfRead(length)) },
    }
    const socket: Socket = connect(options)
    const timer = setTimeout(() => socket.destroy(connectTimeoutError(timeoutMs)), timeoutMs)
    const onError = (error: Error): void => {
      clearTimeout(timer)
      callback(error, null)
    }
    socket.once('error', onError)
    socket.once('connect', () => {
      clearTimeout(timer)
      socket.off('error', onError)
      callback(null, socket)
    })
  }
}

function copyOfRead(length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length)
  readBuffer.copy(bytes, 0, 0, length)
  return bytes
}

function connectTimeoutError(timeoutMs: number): Error {
  const error = new Error(`No connection was made within ${timeoutMs} ms.`)
  return Object.assign(error, { code: 'UND_ERR_CONNECT_TIMEOUT' })
}
