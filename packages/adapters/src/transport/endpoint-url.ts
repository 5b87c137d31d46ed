import { maskCredentials } from './redact.js'

/**
 * Reads the address of an endpoint: `http://` or `https://`, without user name, query or fragment, and not that of a
 * cloud's metadata service.
 * @param example what an address of this platform looks like
 * @returns a string that says what is wrong, as the end of a sentence, where it cannot be used
 */
export function readEndpointUrl(endpoint: string, example: string): URL | string {
  const text = endpoint.trim()
  const shown = maskCredentials(text)
  if (!URL.canParse(text)) return `has the endpoint '${shown}', which is no URL. Write it like ${example}.`
  const url = new URL(text)
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return `has the endpoint '${shown}', which begins with neither http:// nor https://. Write it like ${example}.`
  if (url.username !== '' || url.password !== '')
    return "has a user name or a password in its endpoint. Put the key in 'apiKey'."
  if (url.search !== '' || url.hash !== '')
    return `has a query or a fragment in its endpoint. Write only ${url.origin}${url.pathname}.`
  if (isInstanceMetadata(url.hostname)) return 'has the address of a cloud metadata service as its endpoint.'
  return url
}

/** What is wrong with a key that goes into a header, as the end of a sentence; `undefined` where it can be sent. */
export function findApiKeyProblem(apiKey: string): string | undefined {
  if (/[\r\n]/.test(apiKey))
    return "has a line break in 'apiKey'; it often comes from reading it from a file. Remove it."
  if (!/^[\x21-\x7e]*$/.test(apiKey))
    return "has a character in 'apiKey' that no HTTP header can hold: a blank, a control character or a letter outside ASCII."
  return undefined
}

/** Link-local addresses hand out credentials of the machine to whoever asks. */
function isInstanceMetadata(hostname: string): boolean {
  return /^169\.254\./.test(hostname) || hostname === '[fd00:ec2::254]' || hostname.startsWith('[::ffff:a9fe:')
}
