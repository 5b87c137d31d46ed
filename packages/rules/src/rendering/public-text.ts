import { isSecretName } from '../formats/secret-name.js'
import { looksLikeSecret } from './secret-text.js'

// Names that hold no secret although a word in them often does.
const harmlessNames: ReadonlySet<string> = new Set(['AIGW_DUO_CHAT__MAX_TOKENS', 'CLOUD_CONNECTOR_SELF_SIGN_TOKENS'])
// Headers are for credentials as often as not.
const secretNames: ReadonlySet<string> = new Set(['AIGW_CUSTOM_MODELS__EXTRA_HEADERS'])

/** Whether an environment variable may stand in a file with its value. */
export function isPublicVariable(name: string, value: string): boolean {
  if (secretNames.has(name) || looksLikeSecret(value)) return false
  return harmlessNames.has(name) || !isSecretName(name)
}
