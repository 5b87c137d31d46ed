import { AuthenticationError } from '../errors/authentication-error.js'
import type { DuoModelError } from '../errors/duo-model-error.js'
import { createRedact } from '../transport/redact.js'
import { type RequestContext, requestErrorFields } from '../transport/request-context.js'
import type { CredentialSource } from './aws-client.js'

type Environment = Readonly<Record<string, string | undefined>>

/** The variables that lead to credentials, in the order in which the SDK asks their sources. */
const variables = [
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_ROLE_ARN',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
] as const
const secretVariables = [
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN',
]

/** Failures of the network, or of the service that hands credentials out: the next attempt may succeed. */
const passingFailure =
  /ECONN|ETIMEDOUT|EAI_AGAIN|ENOTFOUND|EPIPE|timed? ?out|Throttl|TooManyRequests|ServiceUnavailable|InternalFailure|socket hang up/i

/** Makes the error for credentials that could not be had: says where they were looked for, and what came of it. */
export function credentialsError(
  error: unknown,
  context: RequestContext,
  source: CredentialSource,
  environment: Environment = process.env,
): DuoModelError {
  const redact = createRedact(secretVariables.map((name) => environment[name]))
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  const what = `was not sent: no AWS credentials (${redact(reason)}). ${adviceFor(reason, source, environment)}`
  const fields = requestErrorFields({ ...context, redact: (text) => redact(context.redact(text)) }, what, error)
  return new AuthenticationError({ ...fields, phase: 'request', retryable: passingFailure.test(reason) })
}

function adviceFor(reason: string, { profile }: CredentialSource, environment: Environment): string {
  const name = profile ?? environment['AWS_PROFILE']
  if (/\bsso\b.{0,200}(expired|invalid|not found)/i.test(reason))
    return `The SSO session is over: run aws sso login${name === undefined ? '' : ` --profile ${name}`}.`
  if (name !== undefined)
    return `Check that the profile '${name}' is in the AWS configuration files and complete, and that its credential_process, source profile or role gives credentials.`
  const set = variables.filter((variable) => (environment[variable] ?? '') !== '')
  const found =
    set.length === 0 ? 'none of their variables is set' : `of their variables these are set: ${set.join(', ')}`
  return `Looked in this order: environment variables, the default profile with SSO and credential_process, web identity token, container, instance metadata; ${found}. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile or a role, or a Bedrock API key (apiKey or AWS_BEARER_TOKEN_BEDROCK).`
}
