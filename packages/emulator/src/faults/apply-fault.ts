import type { Dialect } from '../dialect.js'
import { sleep } from '../engine/sleep.js'
import type { Reply, SocketReply } from '../http/reply.js'
import type { BytesFault, HtmlFault, RequestFault, StallFault, StatusFault } from './fault.js'
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
    default:
      return faultyReply(reply, hooksFor(fault, reply, dialect))
  }
}

async function answered(work: Promise<void>): Promise<undefined> {
  await work
}

type HookedFault = Exclude<RequestFault, { kind: 'status' | 'html' | 'bytes' | 'raw' | 'split-writes' }>

function hooksFor(fault: HookedFault, reply: SocketReply, dialect: Dialect): ReplyHooks {
  switch (fault.kind) {
    case 'cut-stream':
      return interruption(fault.afterEvents, () => reply.breakOff('fin'))
    case 'reset':
      if (fault.when === 'before-headers') return { beforeHead: () => reply.breakOff('reset') }
      return interruption(fault.afterEvents ?? 1, () => reply.breakOff('reset'))
    case 'end-stream':
      return { beforeEvent: from(fault.afterEvents, () => finishEarly(reply, [])) }
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
function from(afterEvents: number, action: () => Promise<void>): (events: number) => Promise<void> {
  let done = false
  return async (events) => {
    if (done || events < afterEvents) return
    done = true
    await action()
  }
}

function interruption(afterEvents: number, action: () => Promise<void>): ReplyHooks {
  return { beforeEvent: from(afterEvents, action), middleOfBody: action }
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

async function finishEarly(reply: SocketReply, events: readonly string[]): Promise<void> {
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
