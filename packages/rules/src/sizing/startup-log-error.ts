const brand = Symbol.for('duo-models.StartupLogError')

/** Text in which no line of a vLLM start-up log was found. */
export class StartupLogError extends Error {
  override readonly name: string = 'StartupLogError'
  /** Beginnings of the lines that are looked for. */
  readonly linesLookedFor: readonly string[]

  /** Makes the error and its message. */
  constructor(found: string, linesLookedFor: readonly string[]) {
    const shown = ['Model loading took', 'Available KV cache memory:', 'GPU KV cache size:', 'Maximum concurrency for']
    const lines = shown.map((line) => `"${line} …"`).join(', ')
    super(`${found} Lines looked for are, among others, ${lines}: paste what the server prints from its start on.`)
    this.linesLookedFor = linesLookedFor
    Object.defineProperty(this, brand, { value: true })
  }

  /** Whether a value is a `StartupLogError`, of this copy of the package or of another one. */
  static is(value: unknown): value is StartupLogError {
    return value instanceof Error && Object.hasOwn(value, brand)
  }
}
