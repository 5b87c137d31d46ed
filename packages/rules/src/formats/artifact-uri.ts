import { plainLine } from './plain-text.js'

/** A file's path as SARIF wants it: a relative reference with `/` and percent-encoding, or `file:` for an absolute path. */
export function artifactUri(path: string): string {
  const slashed = plainLine(path).replaceAll('\\', '/')
  if (/^[A-Za-z]:\//.test(slashed)) return `file:///${slashed.slice(0, 2)}${encodePath(slashed.slice(2))}`
  if (slashed.startsWith('//')) return `file:${encodePath(slashed)}`
  if (slashed.startsWith('/')) return `file://${encodePath(slashed)}`
  return encodePath(slashed.replace(/^(?:\.\/+)+/, ''))
}

function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/')
}
