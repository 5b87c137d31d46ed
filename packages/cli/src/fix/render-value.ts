import { stringify } from 'yaml'

/** Ways to write a value in place of `written`, in its own quotes first. JSON, which is YAML too, comes last. */
export function* renderLike(written: string, value: unknown): Generator<string> {
  if (typeof value === 'string' && written.startsWith("'")) yield `'${value.replaceAll("'", "''")}'`
  if (!written.startsWith('"')) yield* renderPlain(value)
  yield JSON.stringify(value)
}

/** A scalar as YAML writes it on one line; nothing for what needs more. */
export function* renderPlain(value: unknown): Generator<string> {
  if (typeof value === 'object' && value !== null) return
  const plain = stringify(value, { lineWidth: 0 }).trimEnd()
  if (!plain.includes('\n')) yield plain
}
