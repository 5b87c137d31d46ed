import type { HeaderList } from '../http/response-writer.js'
import type { JsonObject } from '../json.js'

/** A request that is refused. Thrown while a request is read; becomes an error body of Azure. */
export class AzureRequestError extends Error {
  override readonly name = 'AzureRequestError'
  readonly status: number
  /** The `error` member of the body. */
  readonly error: JsonObject
  readonly headers: HeaderList

  constructor(status: number, error: JsonObject & { readonly message: string }, headers: HeaderList = []) {
    super(error.message)
    this.status = status
    this.error = error
    this.headers = headers
  }
}

/** An error of Azure's own front: a code and a message, nothing else. */
export function platformError(status: number, code: string, message: string): AzureRequestError {
  return new AzureRequestError(status, { code, message })
}

/** The 400 of a request that breaks OpenAI's rules. */
export function invalidRequest(message: string, param: string | null, code: string | null = null): AzureRequestError {
  return new AzureRequestError(400, { message, type: 'invalid_request_error', param, code })
}
