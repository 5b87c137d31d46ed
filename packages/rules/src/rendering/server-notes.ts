import type { RenderRequest } from './render-format.js'
import { advisedVersion } from './server-image.js'
import type { VllmServer } from './vllm-server.js'

/** What to tell about a server without a key. */
export const openNote = 'No key is stated: whoever reaches the server may use it.'

/** What to tell about an image that nobody named. */
export function imageNote({ vllmVersion }: VllmServer, { options }: RenderRequest): readonly string[] {
  if (vllmVersion !== undefined || options.image !== undefined) return []
  return [`No vLLM version is stated; ${advisedVersion()} is the newest minimum that GitLab's pages advise.`]
}
