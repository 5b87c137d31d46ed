import type { AbortSource } from '../abort-source.js'
import { AuthenticationError } from '../errors/authentication-error.js'
import { createRedact, type Redact } from '../transport/redact.js'
import { type RequestContext, requestErrorFields } from '../transport/request-context.js'
import type { Authorization, Authorizer, UnsignedRequest } from './authorizer.js'

/** The environment variable of Bedrock API keys. */
export const bearerVariable = 'AWS_BEARER_TOKEN_BEDROCK'

/** Presents a Bedrock API key: that of the deployment, or that of the environment, which is read anew each time. */
export class BearerAuthorizer implements Authorizer {
  readonly #apiKey: string | undefined
  #last: { readonly key: string; readonly redact: Redact } | undefined

  constructor(apiKey: string | undefined) {
    this.#apiKey = apiKey
  }

  async authorize(request: UnsignedRequest, _signal: AbortSource, context: RequestContext): Promise<Authorization> {
    const key = this.#apiKey ?? process.env[bearerVariable]?.trim()
    if (key === undefined || !/^[\x21-\x7e]+$/.test(key)) throw this.#noKey(key, context)
    if (this.#last?.key !== key) this.#last = { key, redact: createRedact([key]) }
    const headers = { ...request.headers, authorization: `Bearer ${key}` }
    return { headers, redact: this.#last.redact, judge: () => undefined }
  }

  #noKey(key: string | undefined, context: RequestContext): AuthenticationError {
    const what = key === undefined || key === '' ? 'is not set any more' : 'holds a character that no header can hold'
    const fields = requestErrorFields(context, `was not sent: ${bearerVariable} ${what}.`)
    return new AuthenticationError({ ...fields, phase: 'request' })
  }
}
