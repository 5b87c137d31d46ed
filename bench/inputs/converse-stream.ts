import { Buffer } from 'node:buffer'
import { encodeConverseEvent } from '@duo-models/adapters/testing'
import { type ChunkStream, type Cut, cutEvents } from './chunk-stream.js'

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
const promptTokens = 25

/** The messages of an answer as ConverseStream sends them, padding of changing length included. */
export function converseMessages(tokens: readonly string[]): readonly Buffer[] {
  const pad = (index: number): string => letters.slice(0, 1 + ((index * 7919) % letters.length))
  const outputTokens = tokens.length
  const usage = { inputTokens: promptTokens, outputTokens, totalTokens: promptTokens + outputTokens }
  return [
    encodeConverseEvent('messageStart', { p: pad(1), role: 'assistant' }),
    ...tokens.map((text, index) =>
      encodeConverseEvent('contentBlockDelta', { contentBlockIndex: 0, delta: { text }, p: pad(index) }),
    ),
    encodeConverseEvent('contentBlockStop', { contentBlockIndex: 0, p: pad(2) }),
    encodeConverseEvent('messageStop', { p: pad(3), stopReason: 'end_turn' }),
    encodeConverseEvent('metadata', { metrics: { latencyMs: 5120 }, p: pad(4), usage }),
  ]
}

/** The same answer as chunks of HTTP's chunked coding, in writes of the size the cut asks for. */
export function converseStream(tokens: readonly string[], cut: Cut): ChunkStream {
  const messages = converseMessages(tokens)
  return { events: messages.length, writes: cutEvents(messages, cut) }
}

/** A whole answer of Converse. */
export function converseAnswer(tokens: readonly string[]): Buffer {
  const outputTokens = tokens.length
  return Buffer.from(
    JSON.stringify({
      metrics: { latencyMs: 512 },
      output: { message: { content: [{ text: tokens.join('') }], role: 'assistant' } },
      stopReason: 'end_turn',
      usage: { inputTokens: promptTokens, outputTokens, totalTokens: promptTokens + outputTokens },
    }),
  )
}
