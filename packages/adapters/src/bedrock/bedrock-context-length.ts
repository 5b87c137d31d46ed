import { type ContextLengthFacts, readContextLength } from '../openai-format/context-length.js'

/** `input length and max_tokens exceed context limit: 190000 + 20000 > 200000` */
const sum = /context limit:\s*(\d{1,12})\s*\+\s*(\d{1,12})\s*>\s*(\d{1,12})/i
/** `prompt is too long: 210000 tokens > 200000 maximum` */
const comparison = /too long:\s*(\d{1,12}) tokens\s*>\s*(\d{1,12})/i

/** Reads the figures of a message about the context length, in the words of Bedrock's models; most give none. */
export function readBedrockContextLength(message: string): ContextLengthFacts {
  const [, prompt, output, limit] = sum.exec(message) ?? []
  if (limit !== undefined) return { maxModelLength: Number(limit), requestedTokens: Number(prompt) + Number(output) }
  const [, requested, most] = comparison.exec(message) ?? []
  if (most !== undefined) return { maxModelLength: Number(most), requestedTokens: Number(requested) }
  return readContextLength(message) ?? {}
}
