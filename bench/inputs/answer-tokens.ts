const answer = `Here is a small function that merges two sorted lists and keeps the result sorted:

\`\`\`python
def merge(left: list[int], right: list[int]) -> list[int]:
    """Merges two sorted lists into one."""
    merged = []
    i = j = 0
    while i < len(left) and j < len(right):
        if left[i] <= right[j]:
            merged.append(left[i])
            i += 1
        else:
            merged.append(right[j])
            j += 1
    return merged + left[i:] + right[j:]
\`\`\`

It walks through both lists once, so it takes time in proportion to their joint length. The condition "left[i] <= right[j]" keeps equal elements in their order (the sort is stable), which matters as soon as the elements are records and not numbers. If one of the lists is empty, the loop does not run at all and the other list is returned as a copy: the caller never shares memory with its input by accident. Say so if you prefer a generator, a version for more than two lists or one with a key function; the standard library has heapq.merge for those cases, naïve code is rarely needed.
`

/** An answer with code and prose in pieces as long as a model's tokens, line ends and quotes included; `count` of them. */
export function answerTokens(count: number): readonly string[] {
  const tokens = answer.match(/ ?[A-Za-zï]+|\n\s*|\s?[^A-Za-z\s]{1,3}|\s+/g) ?? []
  return Array.from({ length: count }, (_, index) => tokens[index % tokens.length] ?? '')
}
