import type { Usage } from '@duo-models/adapters'
import type { ModelRequest } from '../model-request.js'

/** What a new observation changes of what was learned. */
const learningRate = 0.05
/** Code and English in the tokenizers in use; a low guess is the careful one. */
const firstTokensPerCharacter = 1 / 3.5
/** More comes from a template around a very short prompt, and says nothing about long ones. */
const maxTokensPerCharacter = 1
const firstOutputTokens = 512

/** Guesses the tokens of a request before it is sent, from its length and from what earlier ones turned out to be. */
export class TokenEstimate {
  #tokensPerCharacter = firstTokensPerCharacter
  #outputTokens = firstOutputTokens

  /** Input and output tokens together. */
  of(request: ModelRequest): number {
    const output = Math.min(request.maxOutputTokens ?? Number.POSITIVE_INFINITY, this.#outputTokens)
    return this.#together(request, output)
  }

  /** The same where the answer is as long as the request allows; servers that count in advance count so. */
  longest(request: ModelRequest): number {
    return this.#together(request, request.maxOutputTokens ?? this.#outputTokens)
  }

  /** A request turned out to be this long. */
  learn(request: ModelRequest, { inputTokens = 0, outputTokens = 0 }: Usage): void {
    const characters = charactersOf(request)
    if (inputTokens > 0 && characters > 0) {
      const ratio = Math.min(maxTokensPerCharacter, inputTokens / characters)
      this.#tokensPerCharacter += learningRate * (ratio - this.#tokensPerCharacter)
    }
    if (outputTokens > 0) this.#outputTokens += learningRate * (outputTokens - this.#outputTokens)
  }

  #together(request: ModelRequest, outputTokens: number): number {
    return Math.ceil(charactersOf(request) * this.#tokensPerCharacter + outputTokens)
  }
}

function charactersOf(request: ModelRequest): number {
  if (!('messages' in request))
    return (
      (request.prefix?.length ?? 0) +
      (request.suffix?.length ?? 0) +
      ('instruction' in request ? request.instruction.length : 0)
    )
  let characters = 0
  for (const { content } of request.messages) characters += content?.length ?? 0
  return characters
}
