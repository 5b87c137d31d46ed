const longestName = 45

/** Whether a text can name a Service, and the pods of a LeaderWorkerSet, whose names carry suffixes. */
export function isKubernetesName(text: string): boolean {
  return text.length <= longestName && /^[a-z](?:[a-z0-9-]*[a-z0-9])?$/.test(text)
}

/**
 * A Kubernetes name for any text. Separators become dashes and letters lower case; where more than that is lost, a
 * digest of the text keeps names apart.
 */
export function kubernetesName(text: string): string {
  const label = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
  const name = /^[a-z]/.test(label) ? label : `vllm-${label}`.replace(/-$/, '')
  const isLossy = /[^A-Za-z0-9 ._/-]/.test(text) || label === '' || name.length > longestName
  if (!isLossy) return name
  const digest = digestOf(text)
  return `${name.slice(0, longestName - digest.length - 1).replace(/-+$/, '')}-${digest}`
}

// FNV-1a: the digest only has to differ, and the same text has to give the same one.
function digestOf(text: string): string {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0
  return hash.toString(36).padStart(7, '0')
}

/** A text as the value of a label: `undefined` where it cannot be one. */
export function labelValue(text: string): string | undefined {
  return /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/.test(text) ? text : undefined
}
