import type { Buffer } from 'node:buffer'
import type { StringDecoder } from 'node:string_decoder'
import { readAzureContentFilters } from '../../packages/adapters/src/azure-openai/content-filter.js'
import { EventStreamBody } from '../../packages/adapters/src/openai-format/event-stream-body.js'
import { OpenAIStreamReader, type StreamFailures } from '../../packages/adapters/src/openai-format/stream-reader.js'

const failures: StreamFailures = {
  reported: ({ message }) => new Error(message),
  protocol: (whatHappened) => new Error(whatHappened),
  interrupted: (whatHappened) => new Error(whatHappened),
}

/** Decodes the reads of a stream as the adapters do, filter reports included; returns the characters of its text. */
export function decodeChunks(reads: readonly Buffer[]): number {
  const reader = new OpenAIStreamReader(failures, readAzureContentFilters)
  let characters = 0
  const body = new EventStreamBody(reader, failures, () => {
    if (!reader.hasEvents) return
    for (const event of reader.takeEvents()) if (event.type === 'text-delta') characters += event.text.length
  })
  for (const read of reads) body.add(read)
  body.end()
  return characters
}

/** The same with split and `JSON.parse`, for streams without a fault. */
export function parseLines(reads: readonly Buffer[], decoder: StringDecoder): number {
  let rest = ''
  let characters = 0
  for (const read of reads) {
    const lines = (rest + decoder.write(read)).split('\n\n')
    rest = lines.pop() ?? ''
    for (const line of lines) characters += readLine(line)
  }
  return characters
}

function readLine(line: string): number {
  const data = line.slice(6)
  if (data === '[DONE]') return 0
  const chunk = JSON.parse(data) as { choices: { delta: { content?: string } }[] }
  return chunk.choices[0]?.delta.content?.length ?? 0
}
