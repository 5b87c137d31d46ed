import type { Dialect, Refusal } from '../dialect.js'
import { sleep } from '../engine/sleep.js'
import type { Reply, SocketReply, StreamEvent } from '../http/reply.js'
import type {
  BytesFault,
  CorruptFrameFault,
  ExceptionFault,
  HtmlFault,
  RateLimitFault,
  RequestFault,
  StallFault,
  StatusFault,
} from './fault.js'
import type { FaultHit } from './fault-plan.js'
import { faultyReply, type ReplyHooks } from './faulty-reply.js'
import { chunkBytes, sendWireResponse } from './wire-response.js'

const loginPage =
  '<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body><form method="post">Please sign in.</form></body></html>\n'

/**
 * Carries out a fault. Returns the reply the dialect must answer through, or `undefined` when the fault itself has
 * answered.
 */
export async function applyFault(
  { fault, earlierHits }: FaultHit,
  reply: SocketReply,
  dialect: Dialect,
): Promise<Reply | undefined> {
  switch (fault.kind) {
    case 'status':
      return answered(sendStatus(fault, reply, dialect))
    case 'html':
      return answered(sendHtml(fault, reply, dialect))
    case 'bytes':
      return answered(sendBytes(fault, reply))
    case 'raw': {
      const responses = 'sequence' in fault.response ? fault.response.sequence : [fault.response]
      const response = responses[Math.min(earlierHits, responses.length - 1)]
      return response && answered(sendWireResponse(reply, response))
    }
    case 'split-writes':
      reply.bytesPerWrite = fault.bytes
      return reply
    case 'exception':
    case 'rate-limit':
      return refuse(fault, reply, dialect)
    default:
      return faultyReply(reply, hooksFor(fault, reply, dialect))
  }
}

async function answered(work: Promise<void>): Promise<undefined> {
  await work
}

async function refuse(
  fault: ExceptionFault | RateLimitFault,
  reply: SocketReply,
  dialect: Dialect,
): Promise<Reply | undefined> {
  const refusal = refusalFor(fault, dialect)
  if (refusal === undefined) return reply
  if (fault.when !== 'mid-stream') return answered(reply.send(refusal.status, refusal.headers, refusal.body))
  const action = () => finishEarly(reply, refusal.events)
  return faultyReply(reply, { beforeEvent: from(fault.afterEvents ?? 0, action) })
}

function refusalFor(fault: ExceptionFault | RateLimitFault, { refusals }: Dialect): Refusal | undefined {
  return fault.kind === 'exception' ? refusals.exception?.(fault) : refusals['rate-limit']?.(fault)
}

type HookedFault = Exclude<
  RequestFault,
  { kind: 'status' | 'html' | 'bytes' | 'raw' | 'split-writes' | 'exception' | 'rate-limit' }
>

function hooksFor(fault: HookedFault, reply: SocketReply, dialect: Dialect): ReplyHooks {
  switch (fault.kind) {
    case 'cut-stream':
      return interruption(fault.afterEvents, async (next) => {
        await writePart(reply, next, fault.bytesOfNextEvent)
        await reply.breakOff('fin')
      })
    case 'corrupt-frame':
      return { changeEvent: corruption(fault, dialect) }
    case 'reset':
      if (fault.when === 'before-headers') return { beforeHead: () => reply.breakOff('reset') }
      return interruption(fault.afterEvents ?? 1, () => reply.breakOff('reset'))
    case 'end-stream':
      return {
        beforeEvent: from(fault.afterEvents, async (next) => {
          await writePart(reply, next, fault.bytesOfNextEvent)
          await finishEarly(reply, [])
        }),
      }
    case 'error-event': {
      const body = fault.body === undefined || typeof fault.body === 'string' ? fault.body : JSON.stringify(fault.body)
      return { beforeEvent: from(fault.afterEvents ?? 0, () => finishEarly(reply, dialect.streamFailure(body))) }
    }
    case 'slow-first-token':
      return firstTokenHooks(() => sleep(fault.delayMs, reply.signal))
    case 'stall':
      return stallHooks(fault, reply)
  }
}

/** Runs the action before the event with this number, once. */
function from(
  afterEvents: number,
  action: (next: StreamEvent | undefined) => Promise<void>,
): NonNullable<ReplyHooks['beforeEvent']> {
  let done = false
  return async (events, next) => {
    if (done || events < afterEvents) return
    done = true
    await action(next)
  }
}

function interruption(afterEvents: number, action: (next?: StreamEvent) => Promise<void>): ReplyHooks {
  return { beforeEvent: from(afterEvents, action), middleOfBody: () => action() }
}

/** The beginning of an event that will never be whole, and so is not counted as one. */
async function writePart(reply: SocketReply, event: StreamEvent | undefined, bytes = 0): Promise<void> {
  if (event !== undefined && bytes > 0) await reply.writeBytes(Buffer.from(event).subarray(0, bytes))
}

function corruption(
  { afterEvents, part = 'payload' }: CorruptFrameFault,
  { corruptEvent }: Dialect,
): NonNullable<ReplyHooks['changeEvent']> {
  return (event, events) => (events === afterEvents ? (corruptEvent?.(event, part) ?? event) : event)
}

/** For a whole answer the first token is the answer itself. A stream's headers go out undelayed. */
function firstTokenHooks(wait: () => Promise<void>): ReplyHooks {
  return { beforeEvent: from(0, wait), beforeWholeAnswer: wait }
}

function stallHooks(fault: StallFault, reply: SocketReply): ReplyHooks {
  const stall = () => stallFor(fault, reply)
  if (fault.when === 'before-headers') return { beforeHead: stall }
  if (fault.when === 'before-first-token') return firstTokenHooks(stall)
  return interruption(fault.afterEvents ?? 1, stall)
}

async function stallFor({ durationMs, keepAliveComments }: StallFault, reply: SocketReply): Promise<void> {
  const end = durationMs === undefined ? Number.POSITIVE_INFINITY : performance.now() + durationMs
  if (keepAliveComments === undefined || !reply.started) {
    if (durationMs === undefined) await reply.hang()
    else await sleep(durationMs, reply.signal)
    return
  }
  while (performance.now() < end) {
    await sleep(keepAliveComments, reply.signal)
    await reply.writeBytes(': keep-alive\n\n')
  }
}

async function finishEarly(reply: SocketReply, events: readonly StreamEvent[]): Promise<void> {
  for (const event of events) await reply.write(event)
  await reply.end()
  reply.stop()
}

async function sendStatus(
  { status, headers = {}, body = '' }: StatusFault,
  reply: SocketReply,
  dialect: Dialect,
): Promise<void> {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const given = Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'content-length')
  const hasType = text === '' || given.some(([name]) => name.toLowerCase() === 'content-type')
  const type = typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json'
  await reply.send(
    status,
    [...dialect.serverHeaders(), ...given, ...(hasType ? [] : [['content-type', type] as const])],
    text,
  )
}

function sendHtml({ status = 200, body = loginPage }: HtmlFault, reply: SocketReply, dialect: Dialect): Promise<void> {
  return reply.send(status, [...dialect.serverHeaders(), ['content-type', 'text/html; charset=utf-8']], body)
}

async function sendBytes({ chunks, end = 'fin' }: BytesFault, reply: SocketReply): Promise<void> {
  for (const chunk of chunks) reply.writeOutsideHttp(chunkBytes(chunk))
  if (end === 'hang') await reply.hang()
  else await reply.breakOff(end)
}
