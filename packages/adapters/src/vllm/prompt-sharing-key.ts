import type { CompletionRequest } from '../adapter-request.js'

/**
 * Members of a body that make more of an answer, or another answer, than one stream per prompt; that are about one
 * prompt and not about all; or that take the place of the limit whoever gathers prompts knows of.
 */
const unsharedMembers = [
  'best_of',
  'kv_transfer_params',
  'max_tokens',
  'n',
  'prompt',
  'prompt_embeds',
  'request_id',
  'stream',
  'stream_options',
  'suffix',
  'use_beam_search',
]

/**
 * What prompts must have in common to go in one body: everything but the prompt. `undefined` for one that goes alone.
 * @param form whether the prompt goes as text or as tokens: one list holds one of the two
 */
export function promptSharingKey(request: CompletionRequest, form: 'text' | 'tokens'): string | undefined {
  const { maxOutputTokens, temperature, topP, stopSequences, seed, platformOptions } = request
  if (platformOptions && unsharedMembers.some((name) => Object.hasOwn(platformOptions, name))) return undefined
  return JSON.stringify([form, maxOutputTokens, temperature, topP, stopSequences, seed, platformOptions])
}
