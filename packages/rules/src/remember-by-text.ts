const longestKey = 256

/**
 * A function of a text that keeps its last answers, for texts that many configurations share: versions, model ids. At
 * most `limit` are kept; an `undefined` answer and that to a text of more than 256 characters are not.
 */
export function rememberByText<Answer extends object>(
  compute: (text: string) => Answer | undefined,
  limit = 256,
): (text: string) => Answer | undefined {
  const answers = new Map<string, Answer>()
  return (text) => {
    const before = answers.get(text)
    if (before !== undefined) return before
    const answer = compute(text)
    if (answer === undefined || text.length > longestKey) return answer
    if (answers.size >= limit) answers.clear()
    answers.set(text, answer)
    return answer
  }
}
