/** An address as it may be shown: without user name, password, query and fragment. `undefined` for what is no URL. */
export function safeEndpoint(endpoint: string): string | undefined {
  if (!URL.canParse(endpoint)) return undefined
  const { protocol, host, pathname } = new URL(endpoint)
  return `${protocol}//${host}${pathname}`
}
