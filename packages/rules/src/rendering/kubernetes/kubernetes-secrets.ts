import type { RenderRequest } from '../render-format.js'
import type { SecretReference } from '../render-options.js'
import type { VllmServer } from '../vllm-server.js'

/** The Secret that holds the key clients present; absent where the server asks for none. */
export function keySecret({ name, keyVariable }: VllmServer, { options }: RenderRequest): SecretReference | undefined {
  if (options.apiKeySecret !== undefined) return reference(options.apiKeySecret, 'api-key')
  return keyVariable === undefined ? undefined : { name: `${name}-api-key`, key: 'api-key' }
}

/** The Secret that holds the token for gated models. */
export function tokenSecret({ options }: RenderRequest): SecretReference {
  return reference(options.huggingFaceTokenSecret ?? 'hugging-face-token', 'token')
}

function reference(written: string | SecretReference, key: string): SecretReference {
  return typeof written === 'string' ? { name: written, key } : written
}
