/** Replaces every form of the configured secrets, and anything that looks like a credential, in a text. */
export type Redact = (text: string) => string

/** What stands where a secret stood. */
const redactionMask = '[redacted]'

/**
 * The shortest secret that is looked for by its text. Masking shorter ones would tear ordinary words apart; they are
 * still masked in headers and URLs, by their position.
 */
const shortestSecretLength = 4

const credentialPatterns: readonly (readonly [RegExp, string])[] = [
  [/\b(Bearer|Basic)(\s+|%20)(?!(?:token|auth\w*|realm)\b)[^\s"'\\,;<>]+/gi, `$1 ${redactionMask}`],
  [
    /(["']?\b(?:api[-_]?key|x-api-key|authorization|proxy-authorization)\b["']?\s*[:=]\s*["']?)(?!(?:Bearer|Basic)\b)[^\s"'\\,;&<>}]+/gi,
    `$1${redactionMask}`,
  ],
  [/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/?#@"'<>]*@/gi, `$1${redactionMask}@`],
]

/**
 * Masks what looks like a credential by its place: `Bearer …`, `api-key: …`, the userinfo of a URL. It needs no
 * knowledge of the secrets, so every error message passes through it.
 */
export function maskCredentials(text: string): string {
  let masked = text
  for (const [pattern, replacement] of credentialPatterns) masked = masked.replace(pattern, replacement)
  return masked
}

/**
 * Makes the function that masks the given secrets wherever their text turns up: as they are, JSON-escaped,
 * URL-encoded, in base64, and after control characters were escaped for display.
 */
export function createRedact(secrets: readonly (string | undefined)[]): Redact {
  const forms = secrets.flatMap((secret) => (secret === undefined ? [] : secretForms(secret)))
  if (forms.length === 0) return maskCredentials
  const longestFirst = [...new Set(forms)].sort((a, b) => b.length - a.length).map(escapeForRegExp)
  // A base64 text may have been cut anywhere, so its beginning is looked for, and all that follows it goes with it.
  const encoded = secrets.flatMap((secret) => (secret === undefined ? [] : base64Forms(secret)))
  const base64 = encoded.map((form) => `${escapeForRegExp(form.slice(0, -2))}[A-Za-z0-9+/_=-]*`)
  const pattern = new RegExp([...longestFirst, ...base64].join('|'), 'gi')
  return (text) => maskCredentials(text.replace(pattern, redactionMask))
}

/** Shows control characters as escapes, so that a server cannot steer the terminal an error is printed on. */
export function escapeControlCharacters(text: string): string {
  return text.replace(controlCharacters, (character) => {
    const short = shortEscapes[character]
    return short ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}

// C0, DEL and C1 controls, and the marks that reorder or break lines on display.
const controlCharacters = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu
const shortEscapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

function secretForms(secret: string): string[] {
  if (secret.length < shortestSecretLength) return []
  const json = JSON.stringify(secret).slice(1, -1)
  const forms = [secret, secret.trim(), json, JSON.stringify(json).slice(1, -1), escapeControlCharacters(secret)]
  forms.push(uriForm(secret), new URLSearchParams({ s: secret }).toString().slice(2))
  return forms.filter((form) => form.length >= shortestSecretLength)
}

function uriForm(secret: string): string {
  return encodeURIComponent(Buffer.from(secret).toString())
}

/** The secret inside a longer base64 text starts at one of three alignments; each has its own spelling. */
function base64Forms(secret: string): string[] {
  const bytes = Buffer.from(secret)
  const forms: string[] = []
  for (const offset of [0, 1, 2]) {
    const shifted = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replace(/=+$/, '')
    // Characters that also encode neighbouring bytes differ from case to case and are left out.
    const start = offset === 0 ? 0 : offset + 1
    const end = Math.floor(((offset + bytes.length) * 8) / 6)
    const stable = shifted.slice(start, end)
    if (stable.length >= 2 * shortestSecretLength) forms.push(stable, stable.replaceAll('+', '-').replaceAll('/', '_'))
  }
  return forms
}

function escapeForRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
}
