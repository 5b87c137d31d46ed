import type { AdapterRequest, CompletionRequest, PromptPart } from '../adapter-request.js'
import { ProtocolError } from '../errors/protocol-error.js'
import { isJsonObject, parseJson } from '../openai-format/json.js'
import { type RequestContext, requestErrorFields } from '../transport/request-context.js'
import { waitOrAbort } from '../transport/wait-or-abort.js'
import { Once } from './once.js'
import type { VllmEndpoint } from './vllm-endpoint.js'

const tokenizeTimeoutMs = 5_000
/** BOS of Mistral's SentencePiece vocabularies; this tokenizer puts it before every text. */
const beginToken = 1
/** Put before a text that goes on in the middle of a line: the blank the tokenizer adds then stands before this mark. */
const continuationMark = '☺'

/**
 * Prompts as token ids, for servers that do not recognise control tokens in text: those whose `server.serveArgs` in the
 * configuration say `--tokenizer-mode mistral`. Nothing is asked of any other server.
 */
export class VllmTokenPrompts {
  readonly #endpoint: VllmEndpoint
  readonly #mark: Once<readonly number[]>

  constructor(endpoint: VllmEndpoint) {
    this.#endpoint = endpoint
    this.#mark = new Once(() => this.#tokenize(continuationMark))
  }

  /** Whether this server needs this prompt as ids. */
  areNeeded(request: AdapterRequest): request is CompletionRequest & { readonly promptParts: readonly PromptPart[] } {
    if (this.#endpoint.options.tokenizerMode !== 'mistral') return false
    return request.kind === 'completion' && request.promptParts !== undefined
  }

  /**
   * The prompt as token ids; `undefined` where the server understands it as text.
   * @throws DuoModelError of the class that fits where `/tokenize` does not give them; `aborted` when the signal fires.
   */
  async tokensOf(
    request: AdapterRequest,
    signal: AbortSignal,
    context: RequestContext,
  ): Promise<readonly number[] | undefined> {
    if (!this.areNeeded(request)) return undefined
    const encode = (part: PromptPart): Promise<readonly number[]> => this.#encode(part, context, signal)
    const pieces = await Promise.all(request.promptParts.map(encode))
    return [beginToken, ...pieces.flat()]
  }

  async #encode(part: PromptPart, context: RequestContext, signal: AbortSignal): Promise<readonly number[]> {
    if (part.tokenId !== undefined) return [part.tokenId]
    if (part.text === '') return []
    if (!part.isContinuation) return this.#tokenize(part.text, signal)
    const mark = await waitOrAbort(this.#mark.get(), signal, context)
    const tokens = await this.#tokenize(continuationMark + part.text, signal)
    if (mark?.every((token, index) => tokens[index] === token)) return tokens.slice(mark.length)
    const what =
      'cannot be sent: /tokenize of this server splits text in a way that fill-in-the-middle prompts cannot be made from. Start it without --tokenizer-mode mistral.'
    throw new ProtocolError({ ...requestErrorFields(context, what), phase: 'request' })
  }

  /** The tokens of a text without BOS. */
  async #tokenize(text: string, signal?: AbortSignal): Promise<readonly number[]> {
    const { servedModelName: model } = this.#endpoint.options
    const body = await this.#endpoint.ask({
      method: 'POST',
      base: 'root',
      path: '/tokenize',
      body: { model, prompt: text },
      timeoutMs: tokenizeTimeoutMs,
      signal,
    })
    const json = parseJson(body)
    const tokens = isJsonObject(json) ? json['tokens'] : undefined
    if (!isTokenList(tokens)) throw this.#noTokens()
    return tokens[0] === beginToken ? tokens.slice(1) : tokens
  }

  #noTokens(): ProtocolError {
    const context = this.#endpoint.context('POST', this.#endpoint.path('root', '/tokenize'), '')
    return new ProtocolError(requestErrorFields(context, 'answered without a list of tokens.'))
  }
}

function isTokenList(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((token) => Number.isSafeInteger(token) && token >= 0)
}
