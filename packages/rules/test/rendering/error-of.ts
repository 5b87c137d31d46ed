import { RenderError } from '../../src/index.js'

/** The `RenderError` that a function throws. */
export function errorOf(run: () => unknown): RenderError {
  try {
    run()
  } catch (error) {
    if (RenderError.is(error)) return error
    throw error
  }
  throw new Error('Nothing was thrown.')
}
