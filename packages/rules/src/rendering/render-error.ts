const brand = Symbol.for('duo-models.RenderError')

/**
 * Why nothing was rendered.
 *
 * - `unknown-format`: there is no such format.
 * - `invalid-option`: an option is unknown, or its value cannot be used.
 * - `invalid-input`: the plan or configuration cannot be read, or holds what must not stand in a file.
 * - `unknown-deployment`: the configuration has no deployment of that name.
 * - `nothing-to-render`: the format is for another platform than the deployments'.
 * - `does-not-fit`: the plan says that the server would not start.
 * - `unsupported`: the format cannot express what is asked for.
 */
export type RenderErrorCode =
  | 'unknown-format'
  | 'invalid-option'
  | 'invalid-input'
  | 'unknown-deployment'
  | 'nothing-to-render'
  | 'does-not-fit'
  | 'unsupported'

/** What a `RenderError` is made of. */
interface RenderErrorDetails {
  /** Why nothing was rendered. */
  readonly code: RenderErrorCode
  /** What was asked for, what is in the way, and what to do. Holds no secret. */
  readonly message: string
  /** The format that was asked for. */
  readonly format: string
  /** The deployment it is about; absent where it is about none in particular. */
  readonly deployment?: string | undefined
}

/** Nothing was rendered. The message says why and what to do; `code` is for programs. */
export class RenderError extends Error {
  override readonly name: string = 'RenderError'
  /** Why nothing was rendered. */
  readonly code: RenderErrorCode
  /** The format that was asked for. */
  readonly format: string
  /** The deployment it is about; absent where it is about none in particular. */
  declare readonly deployment?: string

  /** Makes the error. */
  constructor({ code, message, format, deployment }: RenderErrorDetails) {
    super(message)
    this.code = code
    this.format = format
    if (deployment !== undefined) this.deployment = deployment
    Object.defineProperty(this, brand, { value: true })
  }

  /** Whether a value is a `RenderError`, of this copy of the package or of another one. */
  static is(value: unknown): value is RenderError {
    return value instanceof Error && Object.hasOwn(value, brand)
  }
}
