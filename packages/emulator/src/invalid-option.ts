import { EmulatorError } from './emulator-error.js'

/** The error for an option that cannot be used: its path, what was expected and what was found. */
export function invalidOption(path: string, value: unknown, expected: string): EmulatorError {
  return new EmulatorError('invalid-option', `${path} must be ${expected}; it is ${spelled(value)}.`)
}

/** Values that JSON cannot express, such as `NaN` and functions, are spelled as JavaScript does. */
function spelled(value: unknown): string {
  if (typeof value === 'number') return String(value)
  return (JSON.stringify(value) ?? String(value)).slice(0, 200)
}
