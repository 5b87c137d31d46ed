import type { Problem } from '../rule.js'

/** The problems of some items, in their order; nothing is allocated while there is none. */
export function problemsAmong<Item>(
  items: readonly Item[],
  problemOf: (item: Item) => Problem | undefined,
): readonly Problem[] | undefined {
  let problems: Problem[] | undefined
  for (const item of items) {
    const problem = problemOf(item)
    if (problem === undefined) continue
    if (problems === undefined) problems = [problem]
    else problems.push(problem)
  }
  return problems
}
