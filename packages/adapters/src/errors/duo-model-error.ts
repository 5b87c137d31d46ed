import { inspect } from 'node:util'
import { escapeControlCharacters, maskCredentials } from '../transport/redact.js'
import type { DuoModelErrorCode } from './duo-model-error-code.js'
import type { DuoModelErrorOptions } from './duo-model-error-options.js'
import type { ErrorDetailsOf } from './error-details.js'
import type { DuoModelErrorJson } from './error-json.js'
import type { ErrorPhase } from './error-phase.js'
import type { PartialResponse } from './partial-response.js'
import { markSafe, safeCause } from './safe-cause.js'

const brand: unique symbol = Symbol.for('duo-models.error')

/** What an error class knows about its errors. */
export interface DuoModelErrorDefaults {
  readonly phase: ErrorPhase
  readonly retryable: boolean
}

/** What may be added to an error on its way out. */
export type ErrorContext = Pick<DuoModelErrorOptions, 'requestId' | 'deployment' | 'platform' | 'partial'>

/** What errors are unless their class says otherwise. */
const generalDefaults: DuoModelErrorDefaults = { phase: 'response', retryable: false }

/**
 * The base of every error this project throws. Decide on `code`; recognise it with {@link DuoModelError.is}, which also
 * works when two copies of the package are loaded. Message, JSON and inspection hold no secret.
 */
export class DuoModelError extends Error {
  /** What went wrong, in one stable word. */
  readonly code: DuoModelErrorCode
  /** How far the request had come. */
  readonly phase: ErrorPhase
  /** Whether the same request may succeed when it is sent again. */
  readonly retryable: boolean
  /** The HTTP status the server answered with; absent where there was none, as for an error inside a stream. */
  declare readonly status?: number
  /** The id of the request, for the server's logs. */
  declare readonly requestId?: string
  /** How long the server asked to wait, in milliseconds. */
  declare readonly retryAfterMs?: number
  /** What had arrived before the failure. */
  declare readonly partial?: PartialResponse
  /** The deployment's name in the configuration. */
  declare readonly deployment?: string
  /** The deployment's platform. */
  declare readonly platform?: string

  constructor(code: DuoModelErrorCode, options: DuoModelErrorOptions, defaults = generalDefaults) {
    super(maskCredentials(escapeControlCharacters(options.message)))
    this.code = code
    this.phase = options.phase ?? defaults.phase
    this.retryable = options.retryable ?? defaults.retryable
    if (options.status !== undefined) this.status = options.status
    if (options.requestId !== undefined) this.requestId = maskCredentials(escapeControlCharacters(options.requestId))
    if (options.retryAfterMs !== undefined) this.retryAfterMs = options.retryAfterMs
    if (options.partial !== undefined) this.partial = options.partial
    if (options.deployment !== undefined) this.deployment = options.deployment
    if (options.platform !== undefined) this.platform = options.platform
    this.#keepCause(options.cause)
    Object.defineProperty(this, brand, { value: true })
    markSafe(this)
  }

  /** The class name. */
  override get name(): string {
    return 'DuoModelError'
  }

  /**
   * Tells whether `error` is an error of this project, and of the code `code` where one is given. It narrows the type
   * to the fields that code carries.
   */
  static is<Code extends DuoModelErrorCode = DuoModelErrorCode>(
    error: unknown,
    code?: Code,
  ): error is DuoModelError & { readonly code: Code } & ErrorDetailsOf<Code> {
    if (!(error instanceof Error) || !(brand in error)) return false
    return code === undefined || ('code' in error && error.code === code)
  }

  /**
   * Adds what only a caller further out knows. What the error already says stays.
   * @returns this error
   */
  addContext(context: ErrorContext): this {
    const known = this as Partial<Record<keyof ErrorContext, unknown>>
    for (const name of ['requestId', 'deployment', 'platform', 'partial'] as const)
      if (known[name] === undefined && context[name] !== undefined) known[name] = context[name]
    return this
  }

  /**
   * Says that the request may be sent again after all, because nothing of what had arrived was passed on.
   * @returns this error
   */
  allowRetry(): this {
    Object.assign(this, { retryable: true })
    return this
  }

  /** Safe to log: no secret, and of partial content only the sizes. */
  toJSON(): DuoModelErrorJson {
    const { name, code, message, phase, retryable } = this
    return {
      name,
      code,
      message,
      phase,
      retryable,
      ...this.#presentFields(),
      ...this.details(),
      ...(this.partial && { partial: partialSizes(this.partial) }),
      ...(this.cause !== undefined && { cause: causeJson(this.cause, 0) }),
    }
  }

  /** What Node prints: the stack and the fields of the JSON form. */
  [inspect.custom](_depth: number, options: Parameters<typeof inspect>[1]): string {
    const { name: _name, message: _message, ...fields } = this.toJSON()
    return `${this.stack ?? `${this.name}: ${this.message}`} ${inspect(fields, options)}`
  }

  /** The fields this class adds to the JSON form. */
  protected details(): Record<string, unknown> {
    return {}
  }

  #keepCause(cause: unknown): void {
    const safe = safeCause(cause)
    if (safe === undefined) return
    Object.defineProperty(this, 'cause', { value: safe, configurable: true, writable: true, enumerable: false })
  }

  #presentFields(): Partial<DuoModelErrorJson> {
    return {
      ...(this.status !== undefined && { status: this.status }),
      ...(this.requestId !== undefined && { requestId: this.requestId }),
      ...(this.retryAfterMs !== undefined && { retryAfterMs: this.retryAfterMs }),
      ...(this.deployment !== undefined && { deployment: this.deployment }),
      ...(this.platform !== undefined && { platform: this.platform }),
    }
  }
}

function partialSizes(partial: PartialResponse): NonNullable<DuoModelErrorJson['partial']> {
  return {
    textLength: partial.text.length,
    reasoningLength: partial.reasoning.length,
    toolCalls: partial.toolCalls.length,
  }
}

function causeJson(cause: unknown, depth: number): unknown {
  if (DuoModelError.is(cause)) return cause.toJSON()
  if (!(cause instanceof Error)) return cause
  const code = 'code' in cause ? cause.code : undefined
  return {
    name: cause.name,
    message: cause.message,
    ...(code !== undefined && { code }),
    ...(cause.cause !== undefined && depth < 8 && { cause: causeJson(cause.cause, depth + 1) }),
  }
}
