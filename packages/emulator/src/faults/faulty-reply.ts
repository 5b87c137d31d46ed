import type { Reply, SocketReply, StreamEvent } from '../http/reply.js'
import type { HeaderList } from '../http/response-writer.js'

/** Where a fault may step in. Each hook may write, wait or break off; a broken-off reply throws from then on. */
export interface ReplyHooks {
  /** Before status and headers are sent. */
  readonly beforeHead?: () => Promise<void>
  /** Before a whole answer, after `beforeHead`. */
  readonly beforeWholeAnswer?: () => Promise<void>
  /** Before an event of a stream, or before its end without one; `events` counts those already written. */
  readonly beforeEvent?: (events: number, next: StreamEvent | undefined) => Promise<void>
  /** What is written in place of an event. */
  readonly changeEvent?: (event: StreamEvent, events: number) => StreamEvent
  /** In the middle of a whole answer, after headers and half the body. Without it a whole answer is sent in one go. */
  readonly middleOfBody?: () => Promise<void>
}

/** A reply with a fault between dialect and socket. */
export function faultyReply(inner: SocketReply, hooks: ReplyHooks): Reply {
  let events = 0
  return {
    get signal() {
      return inner.signal
    },
    get started() {
      return inner.started
    },
    async send(status: number, headers: HeaderList, body: string): Promise<void> {
      await hooks.beforeHead?.()
      await hooks.beforeWholeAnswer?.()
      inner.signal.throwIfAborted()
      if (hooks.middleOfBody === undefined) return inner.send(status, headers, body)
      await sendInHalves(inner, status, headers, Buffer.from(body), hooks.middleOfBody)
    },
    async start(status: number, headers: HeaderList): Promise<void> {
      await hooks.beforeHead?.()
      await inner.start(status, headers)
    },
    async write(event: StreamEvent): Promise<void> {
      await hooks.beforeEvent?.(events, event)
      const changed = hooks.changeEvent?.(event, events) ?? event
      events += 1
      await inner.write(changed)
    },
    async end(): Promise<void> {
      // A stream may have fewer events than the fault waits for; its end is then the last chance.
      await hooks.beforeEvent?.(Number.POSITIVE_INFINITY, undefined)
      inner.signal.throwIfAborted()
      await inner.end()
    },
  }
}

async function sendInHalves(
  inner: SocketReply,
  status: number,
  headers: HeaderList,
  body: Buffer,
  middle: () => Promise<void>,
): Promise<void> {
  const half = Math.floor(body.length / 2)
  inner.startExactly(status, [...headers, ['content-length', String(body.length)]])
  await inner.writeBytes(body.subarray(0, half))
  await middle()
  await inner.writeBytes(body.subarray(half))
  await inner.end()
}
