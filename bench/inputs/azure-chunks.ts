const safe = { filtered: false, severity: 'safe' }
const filterResults = { hate: safe, self_harm: safe, sexual: safe, violence: safe }
const frame = { created: 1763840000, id: 'chatcmpl-CeXq0ZbVb8v1nJr7uD2kTgY5mWlOs', model: 'gpt-4o-2024-11-20' }
const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
/** A filler makes every chunk about as long as the longest token. */
const longestToken = 16

/**
 * The data of every event of an answer as Azure OpenAI sends it, `[DONE]` included: members in the order of the alphabet,
 * the results of the content filter on every piece, and a filler of random letters.
 */
export function azureChunkData(tokens: readonly string[]): readonly string[] {
  const random = pseudoRandom(1)
  const filler = (length: number) =>
    Array.from({ length: Math.max(0, length) }, () => letters[random() % letters.length]).join('')
  const chunk = (choices: readonly object[], textLength: number, usage: object | null = null) =>
    JSON.stringify({
      choices,
      ...frame,
      obfuscation: filler(longestToken - textLength),
      object: 'chat.completion.chunk',
      system_fingerprint: 'fp_ee1d74bde0',
      usage,
    })
  const choice = (delta: object, finishReason: string | null = null, results: object = filterResults) => [
    { content_filter_results: results, delta, finish_reason: finishReason, index: 0, logprobs: null },
  ]
  const outputTokens = tokens.length
  const usage = { completion_tokens: outputTokens, prompt_tokens: 25, total_tokens: 25 + outputTokens }
  return [
    JSON.stringify({
      choices: [],
      created: 0,
      id: '',
      model: '',
      object: '',
      prompt_filter_results: [{ prompt_index: 0, content_filter_results: filterResults }],
    }),
    chunk(choice({ content: '', refusal: null, role: 'assistant' }, null, {}), 0),
    ...tokens.map((token) => chunk(choice({ content: token }), token.length)),
    chunk(choice({}, 'stop', {}), 0),
    chunk([], 0, usage),
    '[DONE]',
  ]
}

/** Whole numbers that are the same in every run. */
function pseudoRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state >>> 8
  }
}
