/** Whether a text is a host name or address, alone or with a port. */
export function isHostAndPort(text: string): boolean {
  const match = /^(?:\[[0-9a-f:.]+\]|[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?::(\d{1,5}))?$/i.exec(text)
  if (match === null) return false
  const port = match[1] === undefined ? 1 : Number(match[1])
  return port >= 1 && port <= 65_535
}
