import { safeCause } from '../errors/safe-cause.js'
import { escapeControlCharacters, type Redact } from './redact.js'

/** Who asked whom for what: the part of an error that is the same wherever a request fails. */
export interface RequestContext {
  readonly deployment: string
  readonly platform: string
  readonly method: string
  /** Without userinfo and query. */
  readonly url: string
  readonly requestId: string
  readonly redact: Redact
}

/** The fields every error about a request has. */
export interface RequestErrorFields {
  readonly message: string
  readonly deployment: string
  readonly platform: string
  readonly requestId: string
  readonly cause?: unknown
}

/** How much of a body an error message quotes, in characters. */
const quotedBodyLength = 200

/** Puts what was tried in front of what came back and what to do. */
export function requestErrorFields(context: RequestContext, whatHappened: string, cause?: unknown): RequestErrorFields {
  const { deployment, platform, requestId, redact } = context
  const message = redact(escapeControlCharacters(`${context.method} ${context.url} ${whatHappened}`))
  const safe = safeCause(cause, redact)
  return { message, deployment, platform, requestId, ...(safe !== undefined && { cause: safe }) }
}

/** The beginning of a body, for a message. */
export function quoteBody(body: string, redact: Redact): string {
  // Masked before it is cut, so that no half of a secret is left at the end.
  const text = redact(body.replace(/\s+/g, ' ').trim())
  if (text === '') return 'an empty body'
  return text.length > quotedBodyLength ? `"${text.slice(0, quotedBodyLength)}…"` : `"${text}"`
}
