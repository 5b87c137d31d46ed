import { catalog } from '../catalog/catalog.js'
import { showValue } from '../show-value.js'
import { officialImage } from './image.js'
import { RenderError } from './render-error.js'
import type { RenderRequest } from './render-format.js'
import type { VllmServer } from './vllm-server.js'

/**
 * The image that runs a server: the one that is asked for, or the official one of its vLLM version. A version that is
 * not stated is the newest that GitLab's pages advise.
 * @throws RenderError where there is no official image of the version
 */
export function serverImage({ deployment, vllmVersion, gpu }: VllmServer, { format, options }: RenderRequest): string {
  if (options.image !== undefined) return options.image
  const version = vllmVersion ?? advisedVersion()
  const image = officialImage(version, gpu?.vendor)
  if (image !== undefined) return image
  throw new RenderError({
    code: 'unsupported',
    format,
    deployment,
    message: `There is no official vLLM image ${showValue(version)} for ${gpu?.name ?? 'this GPU'}. Name one with the option image.`,
  })
}

/** The newest vLLM version that GitLab's pages advise as the oldest to use. */
export function advisedVersion(): string {
  return catalog.platforms.vllm.requirements.minimumVersions.at(-1)?.version ?? '0.6.4.post1'
}
