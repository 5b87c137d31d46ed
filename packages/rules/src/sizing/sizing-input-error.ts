import { showValue } from '../show-value.js'

const brand = Symbol.for('duo-models.SizingInputError')

/** What a `SizingInputError` is made of. */
export interface SizingInputErrorDetails {
  /** The input's field, such as `tensorParallelSize`. */
  readonly field: string
  /** What was given. */
  readonly value: unknown
  /** What is accepted, as the end of "… is needed". */
  readonly expected: string
  /** The valid value nearest to it, where there is one. */
  readonly nearest?: string | number | undefined
}

/**
 * A question about sizing that cannot be asked: an unknown GPU or model, a number that is none, a dtype that does not
 * exist. Settings that vLLM itself refuses are no such error: they are answered, with `fits: false` and findings.
 */
export class SizingInputError extends Error {
  override readonly name: string = 'SizingInputError'
  /** The input's field, such as `tensorParallelSize`. */
  readonly field: string
  /** What was given. */
  readonly value: unknown
  /** The valid value nearest to it; absent where none is near. */
  readonly nearest: string | number | undefined

  /** Makes the error and its message. */
  constructor({ field, value, expected, nearest }: SizingInputErrorDetails) {
    const hint = nearest === undefined ? '' : ` Nearest valid value: ${nearest}.`
    super(`${field} is ${showValue(value)}; ${expected} is needed.${hint}`)
    this.field = field
    this.value = value
    this.nearest = nearest
    Object.defineProperty(this, brand, { value: true })
  }

  /** Whether a value is a `SizingInputError`, of this copy of the package or of another one. */
  static is(value: unknown): value is SizingInputError {
    return value instanceof Error && Object.hasOwn(value, brand)
  }
}
