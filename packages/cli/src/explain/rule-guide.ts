/** What people want to know about a rule besides its description. */
export interface RuleGuide {
  /** Why it matters; absent where the description says it all. */
  readonly why?: string
  /** Lines of a configuration that it objects to. */
  readonly example: readonly string[]
  /** What it says about the example. */
  readonly message: string
  /** What it says to do; absent where there is nothing to do. */
  readonly fix?: string
  /** Whether `check --fix` does it. */
  readonly mechanical: boolean
}
