import { type Address, parseAddress } from './parse-address.js'

/** Whether a URL's host is the machine itself. */
export function isLoopback({ hostname }: Pick<URL, 'hostname'>): boolean {
  return /^(?:localhost\.?|(?:[^.]+\.)*localhost|127(?:\.\d+){3}|0\.0\.0\.0|\[::1?\])$/.test(hostname)
}

/** Whether a URL's host is an address of a private or link-local network. Names are not resolved. */
export function isPrivateAddress({ hostname }: Pick<URL, 'hostname'>): boolean {
  const [first, second] = ipv4Bytes(hostname)
  if (first === 10 || (first === 192 && second === 168) || (first === 169 && second === 254)) return true
  if (first === 172 && second !== undefined && second >= 16 && second <= 31) return true
  if (first === 100 && second !== undefined && second >= 64 && second <= 127) return true
  return /^\[f(?:[cd]|e[89ab])/.test(hostname)
}

function ipv4Bytes(hostname: string): number[] {
  return /^\d+(?:\.\d+){3}$/.test(hostname) ? hostname.split('.').map(Number) : []
}

/** The address taken apart, or `undefined` for what is no URL or has another scheme than http and https. */
export function httpUrl(text: string): Address | undefined {
  const address = parseAddress(text)
  return address?.protocol === 'http:' || address?.protocol === 'https:' ? address : undefined
}
