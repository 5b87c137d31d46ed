/** Token counts as vLLM spells them, in its order of keys. */
export interface VllmUsage {
  readonly prompt_tokens: number
  readonly total_tokens: number
  readonly completion_tokens: number
}

/** Token counts of a response. */
export function usage(promptTokens: number, completionTokens: number): VllmUsage {
  return {
    prompt_tokens: promptTokens,
    total_tokens: promptTokens + completionTokens,
    completion_tokens: completionTokens,
  }
}
