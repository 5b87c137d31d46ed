import { escapeControlCharacters, maskCredentials, type Redact } from '../transport/redact.js'

/** Causes below this depth are left out: a chain that long is a loop or an attack. */
const maxCauseDepth = 8

/** Errors that are already free of secrets carry this mark. */
const safeMark: unique symbol = Symbol.for('duo-models.safe-error')

/** Marks an error as free of secrets, so that it is kept as a cause instead of being copied. */
export function markSafe(error: Error): void {
  Object.defineProperty(error, safeMark, { value: true })
}

/**
 * A copy of an error that is safe to show: name, message, code, stack and cause, each with the secrets masked. Other
 * members (sockets, headers, the bytes that could not be parsed) are left behind.
 */
export function safeCause(cause: unknown, redact: Redact = maskCredentials, depth = 0): unknown {
  if (cause === undefined || cause === null || depth > maxCauseDepth) return undefined
  if (!(cause instanceof Error)) return typeof cause === 'string' ? redact(escapeControlCharacters(cause)) : undefined
  if (safeMark in cause) return cause
  return copyError(cause, redact, depth)
}

function copyError(error: Error, redact: Redact, depth: number): Error {
  const copy = new Error(redact(escapeControlCharacters(String(error.message))))
  hide(copy, 'name', redact(String(error.name)))
  hide(copy, 'stack', redact(String(error.stack ?? error)))
  const code = 'code' in error ? error.code : undefined
  if (typeof code === 'string' || typeof code === 'number') Object.assign(copy, { code: redactCode(code, redact) })
  const inner = safeCause(error.cause, redact, depth + 1)
  if (inner !== undefined) hide(copy, 'cause', inner)
  const errors = 'errors' in error && Array.isArray(error.errors) ? error.errors : []
  if (errors.length > 0)
    hide(
      copy,
      'errors',
      errors.slice(0, maxCauseDepth).map((each) => safeCause(each, redact, depth + 1)),
    )
  markSafe(copy)
  return copy
}

function redactCode(code: string | number, redact: Redact): string | number {
  return typeof code === 'string' ? redact(code) : code
}

function hide(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, configurable: true, writable: true, enumerable: false })
}
