import type { RenderOptions } from './render-options.js'

/**
 * What can be rendered: `vllm serve` commands for a shell, a Docker Compose file, Kubernetes manifests, the environment
 * of the AI gateway, the values for GitLab's forms, or the configuration itself.
 */
export type RenderFormat =
  | 'vllm-serve'
  | 'docker-compose'
  | 'kubernetes'
  | 'ai-gateway-env'
  | 'gitlab-form'
  | 'duo-models'

/** What a writer is asked for. */
export interface RenderRequest {
  /** The format. */
  readonly format: RenderFormat
  /** The checked options. */
  readonly options: RenderOptions
}
