import type { Buffer } from 'node:buffer'
import { isJsonObject, type JsonObject, parseJson } from '../openai-format/json.js'
import { BodyCollector } from '../transport/body-collector.js'
import type { BodyReader } from '../transport/call.js'
import { type HttpHeaders, headerValue } from '../transport/http-exchange.js'
import { quoteBody, type RequestContext } from '../transport/request-context.js'
import type { AnswerCollector } from './answer-collector.js'
import { awsRequestId } from './bedrock-errors.js'
import { type BedrockFailures, readException } from './bedrock-failures.js'
import { readHeaderCounts } from './bedrock-usage.js'
import { readConverseAnswer } from './converse-answer.js'
import { readNativeAnswer } from './native-answer.js'

/** Longest answer that is accepted in one piece. */
const maxAnswerBytes = 32 * 1024 * 1024

/** What a body that should be one JSON answer is judged with. */
export interface BedrockWholeBodyOptions {
  readonly answer: AnswerCollector
  readonly failures: BedrockFailures
  readonly context: RequestContext
  readonly status: number
  readonly headers: HttpHeaders
  readonly onComplete: () => void
}

/** Reads a body that is one JSON answer, of Converse or of InvokeModel. Web pages and errors are failures. */
export class BedrockWholeBody implements BodyReader {
  readonly #options: BedrockWholeBodyOptions
  readonly #collector = new BodyCollector(maxAnswerBytes)
  readonly partial = undefined
  readonly hasContent = false

  constructor(options: BedrockWholeBodyOptions) {
    this.#options = options
  }

  add(chunk: Buffer): void {
    if (!this.#collector.add(chunk)) throw this.#refuse(`an answer longer than ${maxAnswerBytes} bytes`)
  }

  end(): void {
    const text = this.#collector.toString()
    const json = parseJson(text)
    if (!isJsonObject(json)) throw this.#refuse(this.#describe(text))
    const problem = this.#read(json)
    if (problem !== undefined) throw this.#judge(json, text, problem)
    this.#options.answer.complete()
    this.#options.onComplete()
  }

  tryToComplete(): boolean {
    return false
  }

  #read(json: JsonObject): string | undefined {
    const { answer, headers, context } = this.#options
    const isConverse = 'output' in json
    // Claude's own answer has a better id than Bedrock's.
    if (isConverse || 'outputs' in json) answer.start(awsRequestId(headers, context.redact))
    const problem = isConverse ? readConverseAnswer(json, answer) : readNativeAnswer(json, answer)
    answer.addMissingCounts(readHeaderCounts(headers))
    return problem
  }

  /** An exception may come with a good status, and then it is what went wrong. */
  #judge(json: JsonObject, text: string, problem: string): Error {
    const name = /(\w+)$/.exec(String(json['__type'] ?? ''))?.[1]
    if (name === undefined) return this.#refuse(`${problem}: ${quoteBody(text, this.#options.context.redact)}`)
    return this.#options.failures.reported(readException(name, text), { phase: 'response' })
  }

  #refuse(whatCame: string): Error {
    return this.#options.failures.protocol(`answered ${this.#options.status} with ${whatCame}`, { phase: 'response' })
  }

  #describe(text: string): string {
    const { context, headers } = this.#options
    const contentType = headerValue(headers, 'content-type')?.slice(0, 80) ?? ''
    const type = contentType === '' ? '' : ` (${contentType})`
    if (text.trim() === '') return `an empty body${type}`
    if (/eventstream/.test(contentType)) return `an event stream${type} although none was asked for`
    const quoted = quoteBody(text, context.redact)
    if (/^\s*</.test(text))
      return `a web page${type} instead of JSON: ${quoted}. The endpoint points at a web site or a login page, not at Bedrock`
    return `text that is no JSON object${type}: ${quoted}`
  }
}
