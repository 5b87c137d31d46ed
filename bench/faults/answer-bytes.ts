import type { Socket } from 'node:net'
import { httpChunk } from '../inputs/http-chunk.js'

/** What the model says in every answer: characters of two, three and four bytes, and what a splitter may trip over. */
export const answerText = 'Grüße — data: 你好 🌍, ready.'
/** The same in the pieces it is streamed in. */
export const answerPieces: readonly string[] = ['Grüße', ' — data:', ' 你好', ' 🌍, ready.']

/** The first piece, which has arrived where an answer is cut off. */
export const firstPiece = answerPieces[0] as string

/** The other members of a chunk. */
const common = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1_700_000_000, model: 'mistral-small' }

/** One event. */
export function event(chunk: unknown): string {
  return `data: ${typeof chunk === 'string' ? chunk : JSON.stringify(chunk)}\n\n`
}

/** A chunk with some text. */
export function textChunk(content: unknown, finishReason: string | null = null): object {
  return { ...common, choices: [{ index: 0, delta: { content }, finish_reason: finishReason }] }
}

/** A chunk with something else in its delta. */
export function deltaChunk(delta: unknown, finishReason: string | null = null): object {
  return { ...common, choices: [{ index: 0, delta, finish_reason: finishReason }] }
}

/** A chunk without a choice. */
export function bareChunk(members: object): object {
  return { ...common, choices: [], ...members }
}

const usage = { prompt_tokens: 12, completion_tokens: 6, total_tokens: 18 }

/** The parts of a good stream, to be put together in another way. */
export const parts = {
  role: event(deltaChunk({ role: 'assistant', content: '' })),
  pieces: answerPieces.map((piece) => event(textChunk(piece))),
  first: event(textChunk(firstPiece)),
  finish: event(deltaChunk({}, 'stop')),
  usage: event(bareChunk({ usage })),
  done: 'data: [DONE]\n\n',
} as const

/** A whole good stream. */
export const goodEvents = [parts.role, ...parts.pieces, parts.finish, parts.usage, parts.done].join('')

/** A good stream up to its first piece of text. */
export const begunEvents = parts.role + parts.first

/** A whole good answer. */
export const goodBody = JSON.stringify({
  ...common,
  object: 'chat.completion',
  choices: [{ index: 0, message: { role: 'assistant', content: answerText }, finish_reason: 'stop' }],
  usage,
})

/** An error in vLLM's words. */
export function errorBody(message: string, code: number, type = 'InternalServerError'): string {
  return JSON.stringify({ error: { message, type, param: null, code } })
}

/** A status line and headers. */
export function head(status: number | string, headers: Readonly<Record<string, string | number>> = {}): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${status}${typeof status === 'number' ? ' Reason' : ''}\r\n${lines.join('')}\r\n`
}

/** The head of a stream whose body is chunked. */
export const streamHead = head(200, {
  'content-type': 'text/event-stream; charset=utf-8',
  'transfer-encoding': 'chunked',
})

/** The end of a chunked body. */
export const lastChunk = '0\r\n\r\n'

/** A whole chunked stream. */
export function streamAnswer(events: string | Buffer): Buffer {
  return Buffer.concat([Buffer.from(streamHead), httpChunk(events), Buffer.from(lastChunk)])
}

/** A whole JSON answer. */
export function jsonAnswer(body: string, status = 200, headers: Readonly<Record<string, string>> = {}): string {
  const length = Buffer.byteLength(body)
  return head(status, { 'content-type': 'application/json', 'content-length': length, ...headers }) + body
}

/** Writes pieces one after the other, each in a packet of its own. */
export function writeSlowly(socket: Socket, bytes: readonly Buffer[], pauseMs: number, then?: () => void): void {
  const [next, ...rest] = bytes
  if (next === undefined) {
    then?.()
    return
  }
  if (socket.destroyed) return
  socket.write(next)
  setTimeout(() => writeSlowly(socket, rest, pauseMs, then), pauseMs)
}

/** Writes the same bytes as fast as they are taken, until the other side leaves. */
export function writeWithoutEnd(socket: Socket, bytes: Buffer): void {
  const write = () => {
    while (!socket.destroyed && socket.write(bytes));
  }
  socket.on('drain', write)
  write()
}
