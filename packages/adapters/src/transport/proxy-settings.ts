/** A proxy that is used for an endpoint. */
export interface ProxySettings {
  /** Scheme, host and port, for messages. */
  readonly origin: string
  readonly protocol: 'http:' | 'https:'
  readonly hostname: string
  readonly port: string
  /** The value of `proxy-authorization`; it never appears in an error. */
  readonly authorization?: string
}

/** Variables of the environment, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>

/**
 * The proxy for an endpoint: the one that is named, or with `environment` the one that `HTTPS_PROXY`, `HTTP_PROXY` and
 * `NO_PROXY` name, in lower case first. `undefined` is a direct connection.
 * @returns a string that says what is wrong with the setting, as the end of a sentence, where it cannot be used
 */
export function readProxySettings(
  proxy: string | undefined,
  origin: string,
  environment: Environment = process.env,
): ProxySettings | string | undefined {
  const url = proxy === 'environment' ? proxyOfEnvironment(new URL(origin), environment) : proxy
  if (url === undefined || url === '') return undefined
  if (!URL.canParse(url)) return "has a proxy that is no URL. Write it like 'http://proxy:3128'."
  const { protocol, hostname, port, username, password, host } = new URL(url)
  if (protocol !== 'http:' && protocol !== 'https:')
    return "has a proxy that begins with neither http:// nor https://. Write it like 'http://proxy:3128'."
  const credentials = username === '' ? undefined : decodeCredentials(username, password)
  if (credentials === null) return 'has a proxy whose user name or password is not URL-encoded properly.'
  return {
    origin: `${protocol}//${host}`,
    protocol,
    hostname: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? defaultPort(protocol) : port,
    ...(credentials !== undefined && { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` }),
  }
}

/** Every text of a proxy setting that must never be shown. */
export function proxySecrets(settings: ProxySettings | undefined): string[] {
  if (settings?.authorization === undefined) return []
  const credentials = Buffer.from(settings.authorization.slice('Basic '.length), 'base64').toString()
  const password = credentials.slice(credentials.indexOf(':') + 1)
  return [settings.authorization, credentials, password].filter((text) => text !== '')
}

function decodeCredentials(username: string, password: string): string | null {
  try {
    return `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  } catch {
    return null
  }
}

function defaultPort(protocol: string): string {
  return protocol === 'https:' ? '443' : '80'
}

function proxyOfEnvironment(endpoint: URL, environment: Environment): string | undefined {
  const read = (name: string): string | undefined => environment[name] || environment[name.toUpperCase()]
  if (isExempt(endpoint, read('no_proxy') ?? '')) return undefined
  return read(endpoint.protocol === 'https:' ? 'https_proxy' : 'http_proxy')
}

/** `NO_PROXY`: hosts, with or without a port, each of which stands for its subdomains too; `*` is every host. */
function isExempt({ hostname, port, protocol }: URL, list: string): boolean {
  const endpointPort = port === '' ? defaultPort(protocol) : port
  return list.split(/[\s,]+/).some((entry) => {
    if (entry === '' || entry === '*') return entry === '*'
    const [, name = '', entryPort] = /^(\[.*\]|[^:]*)(?::(\d+))?$/.exec(entry) ?? []
    const host = name.toLowerCase().replace(/^\*?\./, '')
    if (host === '' || (entryPort !== undefined && entryPort !== endpointPort)) return false
    return hostname === host || hostname.endsWith(`.${host}`)
  })
}
