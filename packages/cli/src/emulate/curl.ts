/** A request for `curl`, quoted for a POSIX shell. Header values may name shell variables. */
export function curl(url: string, headers: readonly string[], body: unknown): string {
  const given = ['Content-Type: application/json', ...headers].map((header) => ` -H "${header}"`)
  return `curl -N ${quoted(url)}${given.join('')} -d ${quoted(JSON.stringify(body))}`
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
