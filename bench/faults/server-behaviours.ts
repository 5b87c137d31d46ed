import type { FaultServerBehaviour } from './fault-server.js'

/** How a server behaves; made anew for each client. */
type Serve = () => FaultServerBehaviour

/** So long bytes may take to the client of a busy machine, before the connection that carried them is reset. */
const arrivalMs = 150

/** Every request is answered with these bytes, and the connection stays open. */
export const sends =
  (...bytes: readonly (string | Buffer)[]): Serve =>
  () => ({ onRequest: (socket) => bytes.forEach((each) => void socket.write(each)) })

/** The same, and the connection is closed. */
export const sendsAndCloses =
  (...bytes: readonly (string | Buffer)[]): Serve =>
  () => ({ onRequest: (socket) => void socket.end(joined(bytes)) })

/** The same, and the connection is reset once they are on their way. */
export const sendsAndResets =
  (...bytes: readonly (string | Buffer)[]): Serve =>
  () => ({
    onRequest: (socket) => {
      socket.write(joined(bytes))
      setTimeout(() => socket.resetAndDestroy(), arrivalMs)
    },
  })

/** The first request is answered with the first bytes, all later ones with the others. */
export const sendsInTurn =
  (first: string | Buffer, then: string | Buffer): Serve =>
  () => ({ onRequest: (socket, { number }) => void socket.write(number === 1 ? first : then) })

function joined(bytes: readonly (string | Buffer)[]): Buffer {
  return Buffer.concat(bytes.map((each) => Buffer.from(each)))
}
