import type { AbortSource } from '../abort-source.js'
import { AuthenticationError } from '../errors/authentication-error.js'
import type { Authorization, Authorizer } from '../openai-format/authorizer.js'
import { findApiKeyProblem } from '../transport/endpoint-url.js'
import { createRedact } from '../transport/redact.js'
import { quoteBody, type RequestContext, requestErrorFields } from '../transport/request-context.js'
import { waitOrAbort } from '../transport/wait-or-abort.js'
import type { AccessToken, TokenCredential } from './token-credential.js'

/** What tokens are asked for with. */
export interface EntraAuthorizerOptions {
  readonly credential: TokenCredential
  readonly scope: string
  /** Secrets beside the token. */
  readonly secrets: readonly (string | undefined)[]
  /** A clock in milliseconds since 1970. */
  readonly now?: (() => number) | undefined
  /** Most time a credential may take. Default: 30,000. */
  readonly timeoutMs?: number | undefined
}

/** A token is renewed this long before it expires, while requests go on with it. */
const renewBeforeMs = 300_000
/** A token with less time left than this is not sent: the request may take a while to arrive. */
const unusableBeforeMs = 10_000
/** A renewal that failed is tried again after this time, as long as the old token lasts. */
const renewAgainAfterMs = 30_000
/** A token that is refused so soon after it was given is not replaced: the next one would be no better. */
const newForMs = 60_000

interface HeldToken {
  readonly authorization: Authorization
  readonly givenAtMs: number
  readonly expiresAtMs: number
  readonly renewAtMs: number
}

/**
 * Keeps a Microsoft Entra ID token for all requests of a connection: asked for once however many wait, renewed before it
 * expires while requests go on with the old one, and replaced where the server refuses it.
 */
export class EntraAuthorizer implements Authorizer {
  readonly #options: EntraAuthorizerOptions
  readonly #now: () => number
  #held: HeldToken | undefined
  #asking: Promise<Authorization> | undefined
  #renewAgainAtMs = Number.NEGATIVE_INFINITY

  constructor(options: EntraAuthorizerOptions) {
    this.#options = options
    this.#now = options.now ?? (() => Date.now())
  }

  current(): Authorization | undefined {
    const held = this.#held
    const nowMs = this.#now()
    if (held === undefined || nowMs >= held.expiresAtMs - unusableBeforeMs) return undefined
    if (nowMs >= held.renewAtMs && nowMs >= this.#renewAgainAtMs) this.#renew(nowMs)
    return held.authorization
  }

  async authorize(signal: AbortSource, context: RequestContext): Promise<Authorization> {
    try {
      return await waitOrAbort(this.#ask(), signal, context)
    } catch (error) {
      if (!(error instanceof CredentialFailure)) throw error
      const { description, cause } = error
      throw new AuthenticationError({
        ...requestErrorFields(context, `was not sent. ${description}`, cause),
        phase: 'configuration',
      })
    }
  }

  /** The old token still serves, so nobody waits, and a failure is nobody's. */
  #renew(nowMs: number): void {
    this.#renewAgainAtMs = nowMs + renewAgainAfterMs
    this.#ask().catch(() => undefined)
  }

  #ask(): Promise<Authorization> {
    this.#asking ??= this.#getToken().finally(() => {
      this.#asking = undefined
    })
    return this.#asking
  }

  async #getToken(): Promise<Authorization> {
    const { secrets } = this.#options
    const answer = await this.#askCredential()
    const problem = findTokenProblem(answer, this.#now())
    if (problem !== undefined) throw new CredentialFailure(`The credential ${problem}`)
    const { token, expiresOnTimestamp: expiresAtMs, refreshAfterTimestamp } = answer as AccessToken
    const nowMs = this.#now()
    const authorization: Authorization = {
      headers: { authorization: `Bearer ${token}` },
      redact: createRedact([token, ...secrets]),
      onRefused: () => this.#replace(authorization),
    }
    // Half of the time for a token that lasts less than ten minutes.
    const usualMs = Math.max(expiresAtMs - renewBeforeMs, (nowMs + expiresAtMs) / 2)
    this.#held = { authorization, givenAtMs: nowMs, expiresAtMs, renewAtMs: refreshAfterTimestamp ?? usualMs }
    return authorization
  }

  async #askCredential(): Promise<unknown> {
    const { credential, scope, timeoutMs = 30_000, secrets } = this.#options
    const controller = new AbortController()
    let timer: NodeJS.Timeout | undefined
    const timeout = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        reject(new CredentialFailure(`The credential gave no token for ${scope} within ${timeoutMs} ms.`))
        controller.abort()
      }, timeoutMs)
    })
    try {
      // Called inside a promise, so that a credential that throws at once fails like any other.
      const asked = Promise.resolve().then(() => credential.getToken(scope, { abortSignal: controller.signal }))
      return await Promise.race([asked, timeout])
    } catch (error) {
      throw error instanceof CredentialFailure ? error : credentialFailed(error, scope, secrets)
    } finally {
      clearTimeout(timer)
    }
  }

  /** The server refused a token. Whether another one is worth a try. */
  #replace(refused: Authorization): boolean {
    // Somebody else had it refused before, and the next request has another one.
    if (this.#held?.authorization !== refused) return true
    if (this.#now() < this.#held.givenAtMs + newForMs) return false
    this.#held = undefined
    return true
  }
}

/** No token could be had; which request needed it is known further out. */
class CredentialFailure extends Error {
  readonly description: string

  constructor(description: string, cause?: unknown) {
    super(description, { cause })
    this.description = description
  }
}

function credentialFailed(error: unknown, scope: string, secrets: readonly (string | undefined)[]): CredentialFailure {
  const said = quoteBody(error instanceof Error ? error.message : String(error), createRedact(secrets))
  return new CredentialFailure(
    `The credential gave no Microsoft Entra ID token for ${scope}: ${said}. Sign in with 'az login', set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, or give this machine a managed identity, as the credential expects.`,
    error,
  )
}

function findTokenProblem(answer: unknown, nowMs: number): string | undefined {
  if (typeof answer !== 'object' || answer === null) return 'gave no token. It may not be meant for this scope.'
  const token: unknown = Reflect.get(answer, 'token')
  const expiresAtMs: unknown = Reflect.get(answer, 'expiresOnTimestamp')
  if (typeof token !== 'string' || token === '') return "gave an answer without a 'token'."
  if (findApiKeyProblem(token) !== undefined) return 'gave a token with a character that no HTTP header can hold.'
  if (typeof expiresAtMs !== 'number' || !Number.isFinite(expiresAtMs))
    return "gave a token without 'expiresOnTimestamp', in milliseconds since 1970."
  return expiresAtMs <= nowMs ? 'gave a token that has expired already. Check the clock of this machine.' : undefined
}
