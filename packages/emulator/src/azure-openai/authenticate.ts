import type { Exchange } from '../http/exchange.js'
import type { AzureOpenAIServerState } from './azure-openai-server-state.js'
import { type AzureRequestError, platformError } from './azure-request-error.js'

const wrongKey =
  'Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an active subscription and use a correct regional API endpoint for your resource.'
const wrongToken =
  'Unauthorized. Access token is missing, invalid, audience is incorrect (https://cognitiveservices.azure.com), or have expired.'

/** Throws what Azure answers unless the request carries a key or token that is known. The v1 API takes keys as bearer tokens too. */
export function authenticate({ headers }: Exchange, isV1: boolean, state: AzureOpenAIServerState): void {
  const key = headers['api-key']
  const token = /^bearer +(.*)$/i.exec(headers.authorization ?? '')?.[1]
  const isKeyAsToken = isV1 && state.keyAuthentication && token !== undefined && state.apiKeys.includes(token)
  if (typeof key === 'string') checkKey(key, state)
  else if (!isKeyAsToken) checkToken(token ?? '', isV1, state)
}

function checkKey(key: string, { apiKeys, entraTokens, keyAuthentication }: AzureOpenAIServerState): void {
  if (!keyAuthentication) {
    throw platformError(403, 'AuthenticationTypeDisabled', 'Key based authentication is disabled for this resource.')
  }
  const passes = apiKeys.includes(key) || (apiKeys.length === 0 && entraTokens.length === 0 && key !== '')
  if (!passes) throw unauthorized(wrongKey)
}

function checkToken(token: string, isV1: boolean, { apiKeys, entraTokens }: AzureOpenAIServerState): void {
  if (token === '') throw unauthorized(wrongToken)
  if (apiKeys.length === 0 && entraTokens.length === 0) return
  const known = entraTokens.find((candidate) => candidate.token === token)
  if (known === undefined) throw unauthorized(isV1 && apiKeys.length > 0 ? wrongKey : wrongToken)
  if (known.state === 'expired' || known.state === 'wrong-audience') throw unauthorized(wrongToken)
  if (known.state === 'no-role') {
    throw platformError(
      401,
      'PermissionDenied',
      'The principal lacks the required data action `Microsoft.CognitiveServices/accounts/OpenAI/deployments/chat/completions/action` to perform `POST /openai/deployments/{deployment-id}/chat/completions` operation.',
    )
  }
}

function unauthorized(message: string): AzureRequestError {
  return platformError(401, '401', message)
}
