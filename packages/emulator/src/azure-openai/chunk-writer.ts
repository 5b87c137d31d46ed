import type { Random } from '../random.js'
import { promptFilterResults } from './content-filter.js'
import { type DeploymentExchange, type ResponseFrame, writeEvent } from './deployment-exchange.js'

/** What decides how the chunks of one stream look. */
export interface ChunkStyle {
  readonly object: 'chat.completion.chunk' | 'text_completion'
  /** Whether usage comes at the end, and every other chunk says that it has none. */
  readonly includeUsage: boolean
  readonly obfuscates: boolean
}

const obfuscationCharacters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'

/** Writes the first chunk, which tells about the prompts alone and is empty otherwise. None while the filter is off. */
export async function writePromptFilter(exchange: DeploymentExchange, prompts: number): Promise<void> {
  const results = promptFilterResults(prompts, exchange.state)
  if (Object.keys(results).length === 0) return
  await writeEvent(exchange, { choices: [], created: 0, id: '', model: '', object: '', ...results })
}

/** Writes one chunk; all chunks of a stream share their frame. */
export function writeChunk(
  exchange: DeploymentExchange,
  frame: ResponseFrame,
  { object, includeUsage, obfuscates }: ChunkStyle,
  choices: readonly object[],
  counts: object | null = null,
): Promise<void> {
  return writeEvent(exchange, {
    ...frame,
    choices,
    object,
    ...(obfuscates ? { obfuscation: obfuscation(exchange.state.ids) } : {}),
    ...(includeUsage ? { usage: counts } : {}),
  })
}

function obfuscation(random: Random): string {
  const length = 1 + random.integer(16)
  return Array.from({ length }, () => obfuscationCharacters[random.integer(obfuscationCharacters.length)]).join('')
}
