import { Buffer } from 'node:buffer'
import { StringDecoder } from 'node:string_decoder'
import type { Benchmark, BenchmarkTable } from './benchmark.js'
import { median, medianRatio, summarize } from './harness/statistics.js'
import { timePerCall } from './harness/time-per-call.js'
import { answerTokens } from './inputs/answer-tokens.js'
import { azureChunkData } from './inputs/azure-chunks.js'
import { chunkData } from './inputs/chunk-stream.js'
import { decodeChunks, parseLines } from './inputs/decode-chunks.js'

/** Decoding alone, without a socket: from the bytes of reads to events, beside split and `JSON.parse`. */
export const serverSentEventsBenchmark: Benchmark = {
  name: 'server-sent-events',
  async run({ quick }) {
    const options = quick ? { repetitions: 3, repetitionMs: 20 } : { repetitions: 15, repetitionMs: 150 }
    return inputs.flatMap((input) => [1, 16, 65].map((perRead) => measure(input, perRead, options)))
  },
}

interface Input {
  readonly name: string
  /** The data of every event. */
  readonly data: readonly string[]
}

const tokens = answerTokens(1600)
const inputs: readonly Input[] = [
  { name: 'usage on every chunk', data: chunkData({ tokens, usage: true }) },
  { name: 'plain chunks', data: chunkData({ tokens, usage: false }) },
  { name: 'Azure OpenAI with filter results and a random filler', data: azureChunkData(tokens) },
]

function measure(
  { name: input, data }: Input,
  perRead: number,
  options: { repetitions: number; repetitionMs: number },
): BenchmarkTable {
  const reads = Array.from({ length: Math.ceil(data.length / perRead) }, (_, index) =>
    Buffer.from(
      data
        .slice(index * perRead, (index + 1) * perRead)
        .map((item) => `data: ${item}\n\n`)
        .join(''),
    ),
  )
  const times = timePerCall(
    {
      'split and JSON.parse': () => parseLines(reads, new StringDecoder('utf8')),
      'duo-models': () => decodeChunks(reads),
    },
    options,
  )
  const bare = (times.get('split and JSON.parse') ?? []).map((time) => time / data.length)
  const rows = [...times].map(([name, values]) => {
    const own = values.map((value) => value / data.length)
    const target = name === 'duo-models' ? { target: '≤ 0.7 × split and JSON.parse' } : {}
    const rate = (1e3 / median(own)).toFixed(2)
    return { name, ...target, cells: [summarize(own, 0), medianRatio(own, bare).toFixed(2), rate] }
  })
  const title = `Decoding, ${input}, ${perRead} event${perRead === 1 ? '' : 's'} per read`
  return { title, columns: ['ns per event', '×', 'million events/s'], rows }
}
