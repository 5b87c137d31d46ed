import type { Query } from './query.js'

/** A condition that is not taken apart further. */
export type Condition = Extract<Query, { kind: 'term' | 'not' }>

/**
 * The query as alternatives, each a list of conditions that have to hold together; `undefined` when there would be more
 * of them than `limit`. What stands under `not` stays whole, as it is judged on its own.
 */
export function conjunctionsOf(query: Query, limit: number): readonly (readonly Condition[])[] | undefined {
  if (query.kind === 'term' || query.kind === 'not') return [[query]]
  const parts: (readonly (readonly Condition[])[])[] = []
  for (const part of query.queries) {
    const conjunctions = conjunctionsOf(part, limit)
    if (conjunctions === undefined) return undefined
    parts.push(conjunctions)
  }
  const size = parts.reduce(
    (count, { length }) => (query.kind === 'or' ? count + length : count * length),
    query.kind === 'or' ? 0 : 1,
  )
  if (size > limit) return undefined
  return query.kind === 'or' ? parts.flat() : parts.reduce(product)
}

function product(
  left: readonly (readonly Condition[])[],
  right: readonly (readonly Condition[])[],
): readonly (readonly Condition[])[] {
  return left.flatMap((conditions) => right.map((others) => [...conditions, ...others]))
}
