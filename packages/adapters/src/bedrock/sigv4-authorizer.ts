import type { AbortSource } from '../abort-source.js'
import { AbortedError } from '../errors/aborted-error.js'
import { type HttpHeaders, headerValue } from '../transport/http-exchange.js'
import { createRedact, type Redact } from '../transport/redact.js'
import type { RequestContext } from '../transport/request-context.js'
import { waitOrAbort } from '../transport/wait-or-abort.js'
import type { Authorization, AuthorizationVerdict, Authorizer, UnsignedRequest } from './authorizer.js'
import type { AwsCredentials, AwsSigner } from './aws-client.js'
import { credentialsError } from './credentials-error.js'

/** AWS refuses a signature whose time is further away than this from its own. */
const toleratedSkewMs = 5 * 60_000
/** A difference below this may be the time the answer took. */
const noticedSkewMs = 4 * 60_000

const clockExceptions = new Set(['RequestTimeTooSkewed', 'RequestExpired', 'RequestInTheFuture'])
const signatureExceptions = new Set(['InvalidSignatureException', 'SignatureDoesNotMatch', 'AuthFailure'])
const expiryExceptions = new Set(['ExpiredTokenException', 'ExpiredToken', 'TokenRefreshRequired'])

/** Proxies rewrite it, and the signature would be wrong then. */
const unsignableHeaders = new Set(['accept-encoding'])

/** Credentials in use, and what hides them. */
interface Identity {
  readonly credentials: AwsCredentials
  readonly redact: Redact
  /** Whether these came because the ones before were refused. */
  readonly isRenewed: boolean
}

/**
 * Signs requests with AWS credentials (Signature Version 4). The SDK finds, keeps and renews the credentials and makes
 * the signature; here is what it leaves to its own retries: credentials that are refused are renewed once, for all calls
 * at once, and a clock that is wrong is corrected by the server's.
 */
export class SigV4Authorizer implements Authorizer {
  readonly #url: URL
  readonly #signer: AwsSigner
  #identity: Identity | undefined
  #renewal: Promise<AwsCredentials> | undefined
  #needsRenewal = false
  #clockOffsetMs = 0

  /** @param origin scheme, host and port of the endpoint */
  constructor(origin: string, signer: AwsSigner) {
    this.#url = new URL(origin)
    this.#signer = signer
  }

  async authorize(request: UnsignedRequest, signal: AbortSource, context: RequestContext): Promise<Authorization> {
    const identity = await this.#findIdentity(signal, context)
    const { protocol, hostname, port, host } = this.#url
    const offsetMs = this.#clockOffsetMs
    const unsigned = {
      method: 'POST',
      protocol,
      hostname,
      ...(port !== '' && { port: Number(port) }),
      path: request.path,
      query: {},
      headers: { ...request.headers, host },
      body: request.body,
    }
    const signingDate = new Date(Date.now() + offsetMs)
    const signed = await this.#signer.sign(unsigned, { signingDate, unsignableHeaders })
    return {
      headers: signed.headers,
      redact: withSignature(identity.redact, signed.headers['authorization'] ?? ''),
      judge: (exception, headers) => this.#judge(exception, headers, identity, offsetMs),
    }
  }

  async #findIdentity(signal: AbortSource, context: RequestContext): Promise<Identity> {
    const isRenewed = this.#needsRenewal
    try {
      const credentials = await waitOrAbort(this.#credentials(), signal, context)
      this.#needsRenewal = false
      return this.#takeIdentity(credentials, isRenewed)
    } catch (error) {
      throw error instanceof AbortedError ? error : credentialsError(error, context, this.#signer.source)
    }
  }

  #takeIdentity(credentials: AwsCredentials, isRenewed: boolean): Identity {
    const known = this.#identity
    if (known && isSame(known.credentials, credentials) && (known.isRenewed || !isRenewed)) return known
    const { accessKeyId, secretAccessKey, sessionToken } = credentials
    const redact = createRedact([accessKeyId, secretAccessKey, sessionToken])
    this.#identity = { credentials, redact, isRenewed }
    return this.#identity
  }

  #credentials(): Promise<AwsCredentials> {
    if (!this.#needsRenewal) return this.#signer.credentials()
    this.#renewal ??= this.#signer.credentials({ forceRefresh: true }).finally(() => {
      this.#renewal = undefined
    })
    return this.#renewal
  }

  #judge(
    exception: string,
    headers: HttpHeaders,
    identity: Identity,
    offsetMs: number,
  ): AuthorizationVerdict | undefined {
    if (clockExceptions.has(exception) || signatureExceptions.has(exception)) {
      const skew = this.#judgeClock(headers, offsetMs)
      if (skew) return skew
    }
    return expiryExceptions.has(exception) ? this.#judgeExpiry(identity) : undefined
  }

  #judgeClock(headers: HttpHeaders, offsetMs: number): AuthorizationVerdict | undefined {
    const serverTimeMs = Date.parse(headerValue(headers, 'date') ?? '')
    const skewMs = serverTimeMs - Date.now()
    // A wrong signature of a right time has another cause.
    if (!(Math.abs(skewMs - offsetMs) >= noticedSkewMs)) return undefined
    this.#clockOffsetMs = skewMs
    const minutes = Math.round(Math.abs(skewMs) / 60_000)
    const clock =
      Math.abs(skewMs) < noticedSkewMs
        ? 'The clock of this machine was changed while it ran'
        : `The clock of this machine is ${minutes} min ${skewMs > 0 ? 'behind' : 'ahead of'} that of AWS, which accepts ${toleratedSkewMs / 60_000}`
    return { advice: `${clock}. Requests are signed with the time of AWS from now on; set the clock.`, retryable: true }
  }

  /** Credentials that renew themselves get one chance to do so; others, and renewed ones, are refused for good. */
  #judgeExpiry(identity: Identity): AuthorizationVerdict {
    const current = this.#identity
    // Another call has brought new ones in the meantime.
    if (current && !isSame(current.credentials, identity.credentials)) return { retryable: true }
    this.#needsRenewal = true
    return { retryable: identity.credentials.expiration !== undefined && !identity.isRenewed }
  }
}

function isSame(a: AwsCredentials, b: AwsCredentials): boolean {
  return a.accessKeyId === b.accessKeyId && a.sessionToken === b.sessionToken && a.secretAccessKey === b.secretAccessKey
}

/** A signature is good for one request and some minutes, and is nobody's business all the same. */
function withSignature(redact: Redact, authorization: string): Redact {
  const signature = /Signature=([0-9a-f]+)/.exec(authorization)?.[1]
  if (signature === undefined) return redact
  return (text) => redact(text).replaceAll(signature, '[redacted]')
}
