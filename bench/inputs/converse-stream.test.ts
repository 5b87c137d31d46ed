import { Buffer } from 'node:buffer'
import { describe, expect, it } from 'vitest'
import { AnswerCollector } from '../../packages/adapters/src/bedrock/answer-collector.js'
import { BedrockStreamReader } from '../../packages/adapters/src/bedrock/bedrock-stream-reader.js'
import { answerTokens } from './answer-tokens.js'
import type { Cut } from './chunk-stream.js'
import { converseAnswer, converseMessages, converseStream } from './converse-stream.js'
import { BareConverseReader } from './read-converse-messages.js'

const cuts: readonly Cut[] = ['one-event', 'sixteen-events', '16-kib']

/** Takes HTTP's chunked coding off. */
function unchunk(bytes: Buffer): Buffer {
  const parts: Buffer[] = []
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf('\r\n', at)
    const length = Number.parseInt(bytes.toString('latin1', at, end), 16)
    parts.push(bytes.subarray(end + 2, end + 2 + length))
    at = end + 2 + length + 2
  }
  return Buffer.concat(parts)
}

/** The characters of text that the adapter sees. */
function readAsAdapter(bytes: Buffer): number {
  const answer = new AnswerCollector({ modelId: 'm', form: { means: 'none' } })
  const fail = (what: string) => new Error(what)
  const failures = { reported: () => fail('reported'), protocol: fail, interrupted: fail }
  const reader = new BedrockStreamReader({ answer, failures, id: undefined, onProgress: () => undefined })
  reader.add(bytes)
  reader.end()
  return answer.takeEvents().reduce((sum, event) => sum + (event.type === 'text-delta' ? event.text.length : 0), 0)
}

describe('the streams of Bedrock that are measured', () => {
  it.each(cuts)('are the same answer, cut for %s', (cut) => {
    const tokens = answerTokens(500)
    const { writes, events } = converseStream(tokens, cut)
    const bytes = unchunk(Buffer.concat(writes))
    expect(bytes).toEqual(Buffer.concat(converseMessages(tokens)))
    expect(events).toBe(504)
  })

  it('say the same to the adapter and to the bare reader', () => {
    const tokens = answerTokens(300)
    const bytes = Buffer.concat(converseMessages(tokens))
    const { length } = tokens.join('')
    const bare = new BareConverseReader()
    for (let at = 0; at < bytes.length; at += 1_000) bare.add(bytes.subarray(at, at + 1_000))
    expect(bare.characters).toBe(length)
    expect(readAsAdapter(bytes)).toBe(length)
  })

  it('have messages as long as those of Bedrock: some 190 bytes, with padding of changing length', () => {
    const lengths = converseMessages(answerTokens(400)).map((message) => message.length)
    const mean = lengths.reduce((sum, length) => sum + length, 0) / lengths.length
    expect(mean).toBeGreaterThan(170)
    expect(mean).toBeLessThan(210)
    expect(new Set(lengths).size).toBeGreaterThan(40)
  })

  it('have a whole answer beside them', () => {
    expect(JSON.parse(converseAnswer(['Hel', 'lo']).toString())).toMatchObject({
      output: { message: { content: [{ text: 'Hello' }] } },
      stopReason: 'end_turn',
    })
  })
})
