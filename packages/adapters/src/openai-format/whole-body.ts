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
export const maxResponseBytes = 32 * 1024 * 1024

/** What a body that should be one JSON answer is judged with. */
export interface WholeAnswerOptions {
  readonly context: RequestContext
  readonly status: number
  readonly contentType: string
  readonly failures: StreamFailures
  readonly readContentFilters?: ReadContentFilters | undefined
}

/** The same, and who gets the answer. */
export interface WholeBodyOptions extends WholeAnswerOptions {
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
    if (!this.#collector.add(chunk)) throw tooLongAnswer(this.#options)
  }

  end(): void {
    this.#options.onResponse(readWholeAnswer(this.#collector.toString(), this.#options))
  }

  tryToComplete(): boolean {
    return false
  }
}

/** The error for an answer that takes more than is accepted in one piece. */
export function tooLongAnswer(options: WholeAnswerOptions): Error {
  return refuse(options, `an answer longer than ${maxResponseBytes} bytes`)
}

/**
 * Reads a text that should be one JSON answer.
 * @param index which of its choices is read
 * @throws what the failures make of a web page, an empty body or an error with a good status
 */
export function readWholeAnswer(text: string, options: WholeAnswerOptions, index = 0): AdapterResponse {
  const json = parseJson(text)
  const error = findError(json)
  if (error) throw options.failures.reported(error, { phase: 'response' })
  const response = json === undefined ? undefined : readResponse(json, index)
  if (response === undefined) throw refuse(options, describeBody(text, options))
  if (typeof response === 'string') throw refuse(options, `${response}: ${quoteBody(text, options.context.redact)}`)
  if (response.finishReason.raw === 'abort') throw aborted(options, response)
  return withReports(response, json, options)
}

function withReports(response: AdapterResponse, json: unknown, options: WholeAnswerOptions): AdapterResponse {
  const contentFilters = isJsonObject(json) ? (options.readContentFilters?.(json) ?? []) : []
  return contentFilters.length === 0 ? response : { ...response, contentFilters }
}

function refuse({ failures, status }: WholeAnswerOptions, whatCame: string): Error {
  return failures.protocol(`answered ${status} with ${whatCame}`, { phase: 'response' })
}

function aborted({ failures }: WholeAnswerOptions, response: AdapterResponse): Error {
  const { text, reasoning = '', toolCalls, usage } = response
  const what = 'aborted the answer on its side (finish reason "abort")'
  return failures.interrupted(what, { phase: 'response', partial: { text, reasoning, toolCalls, usage } })
}

function describeBody(text: string, { contentType, context }: WholeAnswerOptions): string {
  const type = contentType === '' ? '' : ` (${contentType.slice(0, 80)})`
  if (text.trim() === '') return `an empty body${type}`
  const quoted = quoteBody(text, context.redact)
  if (/^\s*</.test(text))
    return `a web page${type} instead of JSON: ${quoted}. The endpoint points at a web site or a login page, not at the API`
  if (/^\s*(data|event|:)/.test(text)) return `an event stream${type} although none was asked for: ${quoted}`
  return `text that is not JSON${type}: ${quoted}`
}
