/** One option of `vllm serve`. */
export interface ServeOption {
  /** Name with dashes, without the leading ones. */
  readonly name: string
  /** Its values: none for a flag. */
  readonly values: readonly string[]
}

/**
 * The words of an option, as they follow `vllm serve`; `undefined` where its values cannot be passed.
 *
 * A value that is empty or begins with a dash is joined to its option, so that it cannot be taken for an option itself;
 * in a list of values it has no way to be passed.
 */
export function wordsOf({ name, values }: ServeOption): readonly string[] | undefined {
  const [first] = values
  if (first === undefined) return [`--${name}`]
  const looksLikeOption = values.some((value) => value === '' || value.startsWith('-'))
  if (!looksLikeOption) return [`--${name}`, ...values]
  return values.length === 1 ? [`--${name}=${first}`] : undefined
}
