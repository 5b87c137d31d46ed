import { AbortedError } from '../errors/aborted-error.js'
import { ConnectionError } from '../errors/connection-error.js'
import type { DuoModelError } from '../errors/duo-model-error.js'
import type { PartialResponse } from '../errors/partial-response.js'
import { ProtocolError } from '../errors/protocol-error.js'
import { StreamInterruptedError } from '../errors/stream-interrupted-error.js'
import { TimeoutError } from '../errors/timeout-error.js'
import type { ExchangeStage } from './http-exchange.js'
import { ProxyError } from './proxy-error.js'
import { type RequestContext, requestErrorFields } from './request-context.js'

/** What is known about a connection that failed. */
export interface NetworkFailure {
  readonly error: Error
  readonly stage: ExchangeStage
  readonly connectTimeoutMs: number
  readonly context: RequestContext
  /** What had arrived. */
  readonly partial?: PartialResponse | undefined
  /** Whether any of it is content, so that another attempt would repeat it. */
  readonly hasContent?: boolean | undefined
}

/** Makes the typed error for a failure below HTTP. */
export function networkError(failure: NetworkFailure): DuoModelError {
  const code = errorCode(failure.error)
  if (failure.error instanceof ProxyError) return proxyFailed(failure, failure.error)
  if (code === 'UND_ERR_CONNECT_TIMEOUT') return connectTimeout(failure)
  if (code === 'UND_ERR_DESTROYED' || code === 'UND_ERR_CLOSED') return connectionClosed(failure)
  if (isBrokenHttp(failure.error, code)) return brokenHttp(failure)
  if (failure.stage === 'response') return interrupted(failure, code)
  return connectionFailed(failure, code)
}

/** The `code` of an error, or of the first error it gathers. */
export function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return ''
  if ('code' in error && typeof error.code === 'string') return error.code
  const first = 'errors' in error && Array.isArray(error.errors) ? error.errors[0] : error.cause
  return first === undefined ? '' : errorCode(first)
}

function connectTimeout({ error, connectTimeoutMs, context }: NetworkFailure): DuoModelError {
  const what = `could not connect within ${connectTimeoutMs} ms. Check that the host and port are right and that no firewall drops the packets.`
  return new TimeoutError({
    ...requestErrorFields(context, what, error),
    which: 'connect',
    timeoutMs: connectTimeoutMs,
  })
}

function proxyFailed({ context, connectTimeoutMs }: NetworkFailure, error: ProxyError): DuoModelError {
  const what = `could not connect: the proxy ${error.proxy} ${error.explanation}`
  const fields = { ...requestErrorFields(context, what, error), phase: 'connect', retryable: error.retryable } as const
  if (error.isTimeout) return new TimeoutError({ ...fields, which: 'connect', timeoutMs: connectTimeoutMs })
  return new ConnectionError(fields)
}

function connectionClosed({ error, context }: NetworkFailure): DuoModelError {
  return new AbortedError(requestErrorFields(context, 'was given up because the client was closed.', error))
}

/** Bytes that are no HTTP. A body that ends too early is a parser error of undici too, and is none here. */
function isBrokenHttp(error: Error, code: string): boolean {
  if (error.name === 'HTTPParserError') return !/\bEOF\b/.test(error.message)
  return code === 'UND_ERR_HEADERS_OVERFLOW' || code === interimFloodCode || brokenHttpReason(error, code) !== undefined
}

/** What undici means where its own words are about its code. */
function brokenHttpReason({ message }: Error, code: string): string | undefined {
  if (code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH') return 'the body is not as long as its content-length says'
  // undici asserts what its parser lets through, such as a status below 100.
  if (code === 'ERR_ASSERTION') return 'its status or its framing is none'
  if (code !== 'UND_ERR_SOCKET') return undefined
  if (message === 'bad response') return 'an interim answer (100 Continue) that nobody asked for'
  return message === 'bad upgrade' ? 'a change of the protocol (101) that nobody asked for' : undefined
}

/** The code of the error for a server that sends interim answers without end. */
export const interimFloodCode = 'INTERIM_FLOOD'

function brokenHttp({ error, context, stage }: NetworkFailure): DuoModelError {
  const hint = isTlsRecord(error)
    ? 'The port speaks TLS: use https:// in the endpoint.'
    : 'Check that the endpoint is an HTTP server.'
  const reason = brokenHttpReason(error, errorCode(error)) ?? error.message
  const what = `got an answer that is not valid HTTP (${reason}). ${hint}`
  const phase = stage === 'response' ? 'stream' : 'response'
  return new ProtocolError({ ...requestErrorFields(context, what, error), phase })
}

/** A TLS alert or handshake record where an HTTP answer should begin. */
function isTlsRecord(error: Error): boolean {
  const data = 'data' in error ? String(error.data) : ''
  const type = data.charCodeAt(0)
  return type >= 0x14 && type <= 0x17 && data.charCodeAt(1) === 3
}

function interrupted({ error, context, partial, hasContent }: NetworkFailure, code: string): DuoModelError {
  const what = `began to answer, and the connection broke before the answer was complete (${code || error.name}).`
  const phase = hasContent ? 'stream' : 'first-token'
  return new StreamInterruptedError({
    ...requestErrorFields(context, what, error),
    phase,
    partial,
    retryable: !hasContent,
  })
}

const clientCertificateHint = "The server asks for a certificate of the client. Set 'tls.cert' and 'tls.key'."

const hints: Readonly<Record<string, string>> = {
  ECONNREFUSED:
    'Nothing listens there. Check that the server is running and that host and port of the endpoint are right.',
  ENOTFOUND: 'The host name is unknown. Check the spelling of the endpoint.',
  EAI_AGAIN: 'The name service did not answer. Check the DNS of this machine.',
  EHOSTUNREACH: 'The host cannot be reached from this machine.',
  ENETUNREACH: 'The network cannot be reached from this machine.',
  EMFILE: 'This process has too many open files. Raise its limit or lower the number of connections.',
  EPROTO: 'The TLS handshake failed: the port may speak plain HTTP. Try http:// in the endpoint.',
  ERR_SSL_WRONG_VERSION_NUMBER: 'The port speaks plain HTTP. Use http:// in the endpoint.',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'The port speaks plain HTTP. Use http:// in the endpoint.',
  CERT_HAS_EXPIRED: 'The certificate of the server has expired. It has to be renewed there.',
  CERT_NOT_YET_VALID: 'The certificate of the server is not valid yet. Check the clocks of both machines.',
  ERR_TLS_CERT_ALTNAME_INVALID:
    "The certificate of the server is for another host name. Use that name in the endpoint, or set 'tls.servername' to it.",
  DEPTH_ZERO_SELF_SIGNED_CERT: "The certificate of the server is self-signed. Set 'tls.ca' to that certificate.",
  SELF_SIGNED_CERT_IN_CHAIN:
    "The certificate of the server comes from an authority of its own. Set 'tls.ca' to the certificate of that authority.",
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: clientCertificateHint,
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: "The server does not trust the certificate in 'tls.cert'.",
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE: clientCertificateHint,
}

function connectionFailed({ error, context, stage }: NetworkFailure, code: string): DuoModelError {
  const isTls = isCertificateCode(code)
  const isEncrypted = context.url.startsWith('https:') && stage !== 'connect'
  const hint = hints[code] ?? (isTls ? trustHint : closedHint(isEncrypted))
  const what = stage === 'connect' ? 'could not connect' : 'got no answer'
  const fields = requestErrorFields(context, `${what} (${code || error.name}). ${hint}`, error)
  return new ConnectionError({ ...fields, phase: stage === 'connect' ? 'connect' : 'request', retryable: !isTls })
}

/** With TLS 1.3 a server refuses a client after the handshake, often without a word. */
function closedHint(isEncrypted: boolean): string {
  const hint = 'The server, or something in between, closed the connection.'
  return isEncrypted ? `${hint} If it asks for a certificate of the client, set 'tls.cert' and 'tls.key'.` : hint
}

const trustHint =
  "The certificate of the server is not trusted. Set 'tls.ca' to the certificate of its authority, or name the file in NODE_EXTRA_CA_CERTS."

function isCertificateCode(code: string): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO_|ERR_SSL|EPROTO/.test(code)
}
