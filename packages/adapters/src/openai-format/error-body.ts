import { asString, isJsonObject, type JsonObject, parseJson } from './json.js'

/** What an error body says, whichever of the shapes in the field it has. */
export interface ErrorBody {
  readonly message: string
  /** The server's class of error (`BadRequestError`, `insufficient_quota`, …). */
  readonly type?: string
  /** The code: vLLM repeats the HTTP status here, others put a word. */
  readonly code?: string
  readonly param?: string
  /** Azure's details of the error, in any spelling. */
  readonly inner?: JsonObject
}

/**
 * Reads an error body: nested `{"error":{…}}`, flat `{"object":"error",…}` (vLLM up to 0.10.0), a string in `error`
 * (vLLM's 401 and 503), FastAPI's `{"detail":…}`, the `{"statusCode","message"}` of Azure API Management, and plain text.
 */
export function readErrorBody(text: string): ErrorBody {
  const json = parseJson(text)
  return (json === undefined ? undefined : findError(json)) ?? { message: text.trim() }
}

/** The error in a JSON value; `undefined` where it holds none. */
export function findError(json: unknown): ErrorBody | undefined {
  if (!isJsonObject(json)) return undefined
  const { error, detail } = json
  if (typeof error === 'string' && error !== '') return { message: error }
  if (isJsonObject(error)) return readErrorObject(error)
  if (json['object'] === 'error') return readErrorObject(json)
  if (typeof json['statusCode'] === 'number' && typeof json['message'] === 'string') return readGatewayError(json)
  if (detail !== undefined && detail !== null && !('choices' in json)) return readDetail(detail)
  return undefined
}

function readErrorObject(error: JsonObject): ErrorBody {
  const { type, param, code } = error
  const inner = error['innererror'] ?? error['inner_error'] ?? error['innerError']
  return {
    message: asString(error['message']) ?? JSON.stringify(error),
    ...(typeof type === 'string' && { type }),
    ...(typeof param === 'string' && { param }),
    ...((typeof code === 'string' || typeof code === 'number') && { code: String(code) }),
    ...(isJsonObject(inner) && { inner }),
  }
}

/** Azure API Management: `{ statusCode, message }`. */
function readGatewayError(json: JsonObject): ErrorBody {
  return { message: String(json['message']), code: String(json['statusCode']) }
}

/** FastAPI: a string, or a list of what is wrong and where. */
function readDetail(detail: unknown): ErrorBody {
  const first: unknown = Array.isArray(detail) ? detail[0] : undefined
  const location = isJsonObject(first) && Array.isArray(first['loc']) ? asString(first['loc'].at(-1)) : undefined
  const message = typeof detail === 'string' ? detail : JSON.stringify(detail)
  return { message, ...(location !== undefined && { param: location }) }
}
