import type { Socket } from 'node:net'

/** What a client with prior knowledge of HTTP/2 says first (RFC 9113, section 3.4). No HTTP/1.1 request begins so. */
const preface = Buffer.from('PRI * HTTP/2.0')

/** Reads as much of a new connection as tells its protocol, puts it back, and hands the connection on. */
export function sniffProtocol(socket: Socket, handle: (protocol: 'http1' | 'http2') => void): void {
  let seen = Buffer.alloc(0)
  const look = (chunk: Buffer) => {
    seen = Buffer.concat([seen, chunk])
    const compared = Math.min(seen.length, preface.length)
    const isPreface = preface.subarray(0, compared).equals(seen.subarray(0, compared))
    if (isPreface && compared < preface.length) return
    socket.off('data', look)
    socket.off('end', leave)
    socket.pause()
    socket.unshift(seen)
    handle(isPreface ? 'http2' : 'http1')
  }
  // A client that leaves before it said anything leaves half a connection behind.
  const leave = () => socket.destroy()
  socket.on('data', look)
  socket.on('end', leave)
}
