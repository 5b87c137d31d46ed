import type { Exchange } from '../http/exchange.js'
import { BedrockRequestError } from './bedrock-request-error.js'
import type { BedrockServerState } from './bedrock-server-state.js'
import { signatureAlgorithm } from './signature-v4/authorization-header.js'
import { verifySignature } from './signature-v4/verify-signature.js'

/** Throws what AWS answers unless the request is signed, or carries a Bedrock API key, as the server demands. */
export function authenticate(exchange: Exchange, state: BedrockServerState): void {
  if (!state.verifiesSignatures) return
  const { authorization } = exchange.headers
  if (authorization === undefined || authorization === '') {
    throw new BedrockRequestError('MissingAuthenticationTokenException')
  }
  const bearer = /^bearer +(.*)$/i.exec(authorization)
  if (bearer !== null) {
    checkApiKey(bearer[1] ?? '', state)
    return
  }
  if (!authorization.startsWith(`${signatureAlgorithm} `)) {
    throw new BedrockRequestError(
      'IncompleteSignatureException',
      `Unsupported Authorization type; use ${signatureAlgorithm} or Bearer.`,
    )
  }
  verifySignature(exchange, { credentials: state.credentials, region: state.region, now: state.clock() })
}

function checkApiKey(key: string, { apiKeys }: BedrockServerState): void {
  if (key !== '' && (apiKeys.length === 0 || apiKeys.includes(key))) return
  throw new BedrockRequestError(
    'AccessDeniedException',
    'Authentication failed: Please make sure your API Key is valid.',
  )
}
