/** JSON with the keys of every object in alphabetical order, as services in Java and .NET write it. */
export function sortedJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  if (Array.isArray(value)) return `[${value.map(sortedJson).join(',')}]`
  const entries = Object.entries(value).filter(([, item]) => item !== undefined)
  const sorted = entries.sort(([left], [right]) => (left < right ? -1 : 1))
  return `{${sorted.map(([key, item]) => `${JSON.stringify(key)}:${sortedJson(item)}`).join(',')}}`
}
