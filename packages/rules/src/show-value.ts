const longestShown = 80
const secretName = /key|token|secret|password|credential|authorization|^env$|^serveArgs$/i

/**
 * A value as a message may show it: short, in one line, and never a secret. What stands under a secret name is hidden,
 * and so are the user, password and query of an address.
 */
export function showValue(value: unknown, path: readonly PropertyKey[] = []): string {
  if (isSecretPath(path)) return 'a hidden value'
  if (typeof value === 'string') return JSON.stringify(shorten(maskAddress(value)))
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (typeof value === 'object' && value !== null) return 'an object'
  return shorten(String(value))
}

/** Whether what stands at this path has to stay hidden. */
export function isSecretPath(path: readonly PropertyKey[]): boolean {
  return path.some((segment) => typeof segment === 'string' && secretName.test(segment))
}

/** Text with the user, password and query of every address in it hidden. */
function maskAddress(text: string): string {
  return text.replace(/\/\/[^/?#\s]*@/g, '//***@').replace(/([?#])[^\s]+/g, '$1***')
}

/** Whether an address holds something that must not be repeated in a patch. */
export function holdsSecret(address: string): boolean {
  return maskAddress(address) !== address
}

function shorten(text: string): string {
  return text.length <= longestShown ? text : `${text.slice(0, longestShown)}…`
}
