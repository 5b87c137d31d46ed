import type { DuoModelErrorOptions } from '../errors/duo-model-error-options.js'
import { isJsonObject, parseJson } from '../openai-format/json.js'

/** An error that Bedrock reported inside a good answer. */
export interface ReportedException {
  /** The exception's name, as it came. */
  readonly name: string
  readonly message: string
  /** The status the model itself answered with. */
  readonly originalStatusCode?: number
}

/** What every error of a stream carries. */
export type StreamFailureFields = Pick<DuoModelErrorOptions, 'phase' | 'partial' | 'retryable'>

/** Makes the errors of an answer; the platform knows its exceptions, URL and hints. */
export interface BedrockFailures {
  /** The server reported an error. */
  reported(exception: ReportedException, fields: StreamFailureFields): Error
  /** What came is not what the protocol allows. */
  protocol(whatHappened: string, fields: StreamFailureFields): Error
  /** The stream stopped before the answer was complete. */
  interrupted(whatHappened: string, fields: StreamFailureFields): Error
}

/** Reads the body of an exception, which is JSON with a message, or text. */
export function readException(name: string, payload: string): ReportedException {
  const json = parseJson(payload)
  if (!isJsonObject(json)) return { name, message: payload.trim() }
  const { originalStatusCode } = json
  const message = json['message'] ?? json['Message'] ?? json['originalMessage']
  return {
    name,
    message: typeof message === 'string' ? message : payload.trim(),
    ...(typeof originalStatusCode === 'number' && { originalStatusCode }),
  }
}
