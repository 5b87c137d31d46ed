const brand = Symbol.for('duo-models.emulator.error')

/**
 * What went wrong, stable across releases:
 *
 * - `unsupported-platform`: no emulator exists for the platform that was asked for;
 * - `invalid-option`: an option or a fault has a value that cannot be used;
 * - `not-loopback`: `host` is an address that other machines could reach;
 * - `address-unavailable`: the port is taken, or the address does not exist on this machine.
 */
export type EmulatorErrorCode = 'unsupported-platform' | 'invalid-option' | 'not-loopback' | 'address-unavailable'

/** An emulator could not be started or set up as asked. The message names the option, the value and the remedy. */
export class EmulatorError extends Error {
  override readonly name = 'EmulatorError'
  /** The cause in one stable word. */
  readonly code: EmulatorErrorCode
  readonly [brand] = true

  constructor(code: EmulatorErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }

  /** Recognises the error across copies of this package; with `code`, only that cause. */
  static is(error: unknown, code?: EmulatorErrorCode): error is EmulatorError {
    const branded = typeof error === 'object' && error !== null && brand in error
    return branded && (code === undefined || (error as EmulatorError).code === code)
  }
}
