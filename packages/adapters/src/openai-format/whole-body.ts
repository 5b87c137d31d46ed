import type { Buffer } from 'node:buffer'
import type { AdapterResponse } from '../adapter-response.js'
import { BodyCollector } from '../transport/body-collector.js'
import type { BodyReader } from '../transport/call.js'
import { quoteBody, type RequestContext } from '../transport/request-context.js'
import type { ReadContentFilters } from './content-filter-reader.js'
import { findError } from './error-body.js'
import { isJsonObject, parseJson } from './json.js'
import { readResponse } from './read-response.js'
import type { StreamFailures } from './stream-reader.js'

/** Longest answer that is accepted in one piece. */
const maxResponseBytes = 32 * 1024 * 1024

/** What a body that should be one JSON answer is judged with. */
export interface WholeBodyOptions {
  readonly context: RequestContext
  readonly status: number
  readonly contentType: string
  readonly failures: StreamFailures
  readonly readContentFilters?: ReadContentFilters | undefined
  readonly onResponse: (response: AdapterResponse) => void
}

/** Reads a body that is one JSON answer. Web pages, empty bodies and errors with a good status are failures. */
export class WholeBody implements BodyReader {
  readonly #options: WholeBodyOptions
  readonly #collector = new BodyCollector(maxResponseBytes)
  readonly partial = undefined
  readonly hasContent = false

  constructor(options: WholeBodyOptions) {
    this.#options = options
  }

  add(chunk: Buffer): void {
    if (!this.#collector.add(chunk)) throw this.#refuse(`an answer longer than ${maxResponseBytes} bytes`)
  }

  end(): void {
    const text = this.#collector.toString()
    const json = parseJson(text)
    const error = findError(json)
    if (error) throw this.#options.failures.reported(error, { phase: 'response' })
    const response = json === undefined ? undefined : readResponse(json)
    if (response === undefined) throw this.#refuse(describeBody(text, this.#options))
    if (typeof response === 'string')
      throw this.#refuse(`${response}: ${quoteBody(text, this.#options.context.redact)}`)
    if (response.finishReason.raw === 'abort') throw this.#aborted(response)
    this.#options.onResponse(this.#withReports(response, json))
  }

  tryToComplete(): boolean {
    return false
  }

  #withReports(response: AdapterResponse, json: unknown): AdapterResponse {
    const contentFilters = isJsonObject(json) ? (this.#options.readContentFilters?.(json) ?? []) : []
    return contentFilters.length === 0 ? response : { ...response, contentFilters }
  }

  #refuse(whatCame: string): Error {
    return this.#options.failures.protocol(`answered ${this.#options.status} with ${whatCame}`, { phase: 'response' })
  }

  #aborted(response: AdapterResponse): Error {
    const { text, reasoning = '', toolCalls, usage } = response
    const what = 'aborted the answer on its side (finish reason "abort")'
    return this.#options.failures.interrupted(what, {
      phase: 'response',
      partial: { text, reasoning, toolCalls, usage },
    })
  }
}

function describeBody(text: string, { contentType, context }: WholeBodyOptions): string {
  const type = contentType === '' ? '' : ` (${contentType.slice(0, 80)})`
  if (text.trim() === '') return `an empty body${type}`
  const quoted = quoteBody(text, context.redact)
  if (/^\s*</.test(text))
    return `a web page${type} instead of JSON: ${quoted}. The endpoint points at a web site or a login page, not at the API`
  if (/^\s*(data|event|:)/.test(text)) return `an event stream${type} although none was asked for: ${quoted}`
  return `text that is not JSON${type}: ${quoted}`
}
