/**
 * A copy of parsed YAML in which nothing is there twice. An alias gives the same object as its anchor, so a change to
 * one would seem to be meant for both.
 */
export function unshare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unshare)
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value
  const copy: Record<string, unknown> = {}
  // A plain assignment of `__proto__` would change the prototype.
  for (const [key, item] of Object.entries(value))
    Object.defineProperty(copy, key, { value: unshare(item), enumerable: true, configurable: true, writable: true })
  return copy
}
