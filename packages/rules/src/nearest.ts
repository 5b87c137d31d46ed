const longestCompared = 128

/**
 * The candidates that look most like a name, nearest first: by Damerau-Levenshtein distance (optimal string
 * alignment), letters compared without case and separators. Only likely slips are returned.
 */
export function nearest(name: string, candidates: readonly string[], limit = 3): string[] {
  const wanted = simplify(name)
  if (wanted === '') return []
  const scored: { candidate: string; distance: number }[] = []
  for (const candidate of candidates) {
    const other = simplify(candidate)
    const distance = other.includes(wanted) && wanted.length >= 4 ? 1 : editDistance(wanted, other)
    if (distance <= Math.max(2, Math.floor(other.length / 3))) scored.push({ candidate, distance })
  }
  scored.sort((a, b) => a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1))
  return scored.slice(0, limit).map(({ candidate }) => candidate)
}

function simplify(text: string): string {
  return text
    .slice(0, longestCompared)
    .toLowerCase()
    .replace(/[\s_./:-]+/g, '')
}

/** Insertions, deletions, replacements and swaps of neighbours that turn one text into the other. */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row]
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1]
      const deletion = (last[column] ?? 0) + 1
      const insertion = (current[column - 1] ?? 0) + 1
      const replacement = (last[column - 1] ?? 0) + (same ? 0 : 1)
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
      const swap = swapped ? (beforeLast[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY
      current.push(Math.min(deletion, insertion, replacement, swap))
    }
    beforeLast = last
    last = current
  }
  return last[b.length] ?? 0
}
