import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { Exchange } from '../../http/exchange.js'

/** What of a request is signed. */
export type SignedRequest = Pick<Exchange, 'method' | 'pathname' | 'query' | 'headers' | 'bodyBytes'>

/** The text whose hash is signed (AWS General Reference, "Create a signed AWS API request", step 1). */
export function canonicalRequest(request: SignedRequest, signedHeaders: readonly string[]): string {
  const { method, pathname, query, headers, bodyBytes } = request
  const lines = signedHeaders.map((name) => `${name}:${headerValue(headers, name)}\n`)
  return [
    method,
    canonicalPath(pathname),
    canonicalQuery(query),
    lines.join(''),
    signedHeaders.join(';'),
    sha256(bodyBytes),
  ].join('\n')
}

/** SHA-256 as hexadecimal digits. */
export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex')
}

/** Of all services only S3 signs the path as it is sent; for the others its escapes are escaped once more. */
function canonicalPath(pathname: string): string {
  return pathname.split('/').map(escapeUri).join('/')
}

function canonicalQuery(query: string): string {
  if (query === '') return ''
  const pairs = query.split('&').map((pair) => {
    const equals = pair.indexOf('=')
    const [name, value] = equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)]
    return `${escapeUri(unescaped(name))}=${escapeUri(unescaped(value))}`
  })
  return pairs.sort().join('&')
}

/** Everything but RFC 3986's unreserved characters is escaped. */
function escapeUri(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** HTTP/2 knows the host as `:authority`; clients sign it under either name. */
function headerValue(headers: IncomingHttpHeaders, name: string): string {
  const isHost = name === 'host' || name === ':authority'
  const value = isHost ? (headers[':authority'] ?? headers.host) : headers[name]
  const text = Array.isArray(value) ? value.join(',') : (value ?? '')
  return text.trim().replace(/\s+/g, ' ')
}
