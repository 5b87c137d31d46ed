import { badRequest, type VllmRequestError } from './vllm-request-error.js'
import type { VllmServerState } from './vllm-server-state.js'

/** How many tokens may be generated after a prompt. Throws the 400 when prompt and limit exceed the context together. */
export function outputRoom(
  promptTokens: number,
  maxTokens: number | undefined,
  where: string,
  state: VllmServerState,
): number {
  const room = state.maxModelLength - promptTokens
  if (maxTokens === undefined ? room >= 1 : room >= maxTokens) return maxTokens ?? room
  throw tooLong(promptTokens, maxTokens, where, state)
}

function tooLong(prompt: number, output: number | undefined, where: string, state: VllmServerState): VllmRequestError {
  const limit = `This model's maximum context length is ${state.maxModelLength} tokens. However, you requested`
  if (state.behaviour.hasNewContextMessage) {
    const wanted = output ?? 1
    const message = `${limit} ${wanted} output tokens and your prompt contains ${prompt} input tokens, for a total of ${prompt + wanted} tokens. Please reduce the length of the input prompt or the number of requested output tokens.`
    return badRequest(message, 'input_tokens')
  }
  if (output === undefined) {
    return badRequest(`${limit} ${prompt} tokens in the ${where}, Please reduce the length of the ${where}.`)
  }
  const parts = `${prompt + output} tokens (${prompt} in the ${where}, ${output} in the completion)`
  return badRequest(`${limit} ${parts}. Please reduce the length of the ${where} or completion.`)
}
