import { Buffer } from 'node:buffer'
import { StringDecoder } from 'node:string_decoder'
import { describe, expect, it } from 'vitest'
import { answerTokens } from './answer-tokens.js'
import { azureChunkData } from './azure-chunks.js'
import { type Cut, chunkData, chunkStream } from './chunk-stream.js'
import { decodeChunks, parseLines } from './decode-chunks.js'

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

describe('the streams that are measured', () => {
  it.each(cuts)('are the same answer, cut for %s', (cut) => {
    const tokens = answerTokens(500)
    const { writes, events } = chunkStream({ tokens, cut, usage: true })
    const data = unchunk(Buffer.concat(writes)).toString().split('\n\n').slice(0, -1)
    expect(data).toEqual(chunkData({ tokens, usage: true }).map((item) => `data: ${item}`))
    expect(data).toHaveLength(events)
  })

  it('bring one event, sixteen, and 16 KiB per write', () => {
    const sizes = cuts.map((cut) => {
      const [first] = chunkStream({ tokens: answerTokens(500), cut, usage: false }).writes
      return [
        unchunk(first ?? Buffer.alloc(0))
          .toString()
          .split('\n\n').length - 1,
        first?.length ?? 0,
      ]
    })
    expect(sizes[0]?.[0]).toBe(1)
    expect(sizes[1]?.[0]).toBe(16)
    expect(unchunk(Buffer.alloc(0))).toHaveLength(0)
    expect(sizes[2]?.[1]).toBe(16 * 1024 + '4000\r\n\r\n'.length)
  })

  it.each([true, false])('say the same to every decoder (usage: %s)', (usage) => {
    const tokens = answerTokens(300)
    const bytes = Buffer.from(
      chunkData({ tokens, usage })
        .map((item) => `data: ${item}\n\n`)
        .join(''),
    )
    const reads = [bytes.subarray(0, 1_000), bytes.subarray(1_000, 1_001), bytes.subarray(1_001)]
    const { length } = tokens.join('')
    expect(decodeChunks(reads)).toBe(length)
    expect(parseLines(reads, new StringDecoder('utf8'))).toBe(length)
  })

  it('say the same in the form of Azure OpenAI, whose chunks hide the length of their text', () => {
    const tokens = answerTokens(300)
    const data = azureChunkData(tokens)
    const bytes = Buffer.from(data.map((item) => `data: ${item}\n\n`).join(''))
    const { length } = tokens.join('')
    expect(decodeChunks([bytes.subarray(0, 2_000), bytes.subarray(2_000)])).toBe(length)
    expect(parseLines([bytes], new StringDecoder('utf8'))).toBe(length)
    const fillers = data.map((item) => /"obfuscation":"(\w*)"/.exec(item)?.[1])
    expect(new Set(fillers).size).toBeGreaterThan(250)
    expect(azureChunkData(tokens)).toEqual(data)
  })

  it('look like text: line ends and quotes need escapes, one letter is not ASCII, no piece is empty', () => {
    const tokens = answerTokens(400)
    const escaped = tokens.filter((token) => JSON.stringify(token).length > token.length + 2).length
    expect(escaped / tokens.length).toBeGreaterThan(0.03)
    expect(escaped / tokens.length).toBeLessThan(0.3)
    expect(tokens.join('')).toMatch(/ï/)
    expect(tokens).not.toContain('')
  })
})
