const secretParameter =
  /[?&#;](?:[\w-]*(?:key|token|secret|password|passwd|signature|credential|auth)|sig|pwd|code)=[^&#\s]/i

/** What secret an address carries, in words that do not repeat it; `undefined` when it carries none. */
export function secretInAddress(address: string): string | undefined {
  if (!/[@=]/.test(address)) return undefined
  const userInfo = /^[a-z][\w+.-]*:\/\/([^/?#\s]*)@/i.exec(address.trim())?.[1]
  if (userInfo !== undefined) return userInfo.includes(':') ? 'a user name and a password' : 'a user name or a token'
  return secretParameter.test(address) ? 'a key or token in its query' : undefined
}
