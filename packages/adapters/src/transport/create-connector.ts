import type { Socket } from 'node:net'
import type { Client } from 'undici'
import { openTunnel } from './open-tunnel.js'
import { createPlainConnector } from './plain-connector.js'
import { ProxyError } from './proxy-error.js'
import type { ProxySettings } from './proxy-settings.js'
import { nodeTlsOptions, type TlsSettings } from './tls-settings.js'

/** How a connection to an endpoint is opened. */
export interface ConnectorSettings {
  /** Most time to open a connection, TLS and tunnel included. */
  readonly connectTimeoutMs: number
  readonly tls?: TlsSettings | undefined
  readonly proxy?: ProxySettings | undefined
  /** Whether a request on such a connection may be left behind when nothing else keeps the process alive. @default false */
  readonly isBackground?: boolean | undefined
}

/** What undici asks for a socket. */
export type Connector = Extract<NonNullable<Client.Options['connect']>, (...args: never[]) => unknown>
type ConnectorOptions = Parameters<Connector>[0]
type ConnectorCallback = Parameters<Connector>[1]
type UndiciModule = typeof import('undici')

/**
 * Opens connections directly, or through a proxy: with a tunnel to `https://` endpoints, so that the proxy sees neither
 * keys nor prompts, and for `http://` endpoints by sending the proxy whole URLs.
 */
export function createConnector(undici: UndiciModule, settings: ConnectorSettings): Connector {
  const connector = createForegroundConnector(undici, settings)
  return settings.isBackground ? inBackground(connector) : connector
}

function createForegroundConnector(undici: UndiciModule, settings: ConnectorSettings): Connector {
  const { connectTimeoutMs: timeout, tls = {}, proxy } = settings
  const direct = undici.buildConnector({ timeout, keepAlive: true, ...nodeTlsOptions(tls) }) as Connector
  const plain = createPlainConnector(timeout)
  if (!proxy)
    return (options, callback) => (options.protocol === 'https:' ? direct(options, callback) : plain(options, callback))
  // The certificate and the authorities are those of the endpoint; the proxy is trusted as Node trusts any server.
  const toProxy = undici.buildConnector({ timeout, keepAlive: true }) as Connector
  return (options, callback) => {
    const { protocol, hostname, port, origin } = proxy
    const openedAt = performance.now()
    toProxy({ protocol, hostname, port, host: `${hostname}:${port}` }, (...[error, socket]) => {
      if (error) callback(unreachable(origin, error), null)
      else if (options.protocol !== 'https:') callback(null, socket)
      else {
        const leftMs = Math.max(1, Math.ceil(timeout - (performance.now() - openedAt)))
        tunnel({ socket, proxy, leftMs, direct, options, callback })
      }
    })
  }
}

/** While it is being opened, a connection still keeps the process alive: until the limit of the request at most. */
function inBackground(connector: Connector): Connector {
  return (options, callback) =>
    connector(options, (...outcome: Parameters<ConnectorCallback>) => {
      const socket = outcome[1]
      if (socket) {
        socket.unref()
        // undici takes that back for every request on a socket that was idle.
        socket.ref = () => socket
      }
      callback(...outcome)
    })
}

interface TunnelRequest {
  readonly socket: Socket
  readonly proxy: ProxySettings
  readonly leftMs: number
  readonly direct: Connector
  readonly options: ConnectorOptions
  readonly callback: ConnectorCallback
}

function tunnel({ socket, proxy, leftMs, direct, options, callback }: TunnelRequest): void {
  const { hostname } = options
  const name = hostname.includes(':') && !hostname.startsWith('[') ? `[${hostname}]` : hostname
  openTunnel(socket, proxy, `${name}:${options.port || '443'}`, leftMs, (error) => {
    if (error) callback(error, null)
    else direct({ ...options, httpSocket: socket }, callback)
  })
}

function unreachable(proxy: string, cause: Error): ProxyError {
  const code = 'code' in cause ? String(cause.code) : cause.name
  const isTimeout = code === 'UND_ERR_CONNECT_TIMEOUT'
  const explanation = `could not be reached (${code}). Check its host and port, or leave the proxy out.`
  return new ProxyError({ proxy, explanation, retryable: true, isTimeout, cause })
}
