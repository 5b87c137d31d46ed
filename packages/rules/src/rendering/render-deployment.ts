import type { DuoModelsConfiguration } from '../configuration.js'
import { nearest } from '../nearest.js'
import type { DeploymentPlan } from '../planning/deployment-plan.js'
import { showValue } from '../show-value.js'
import { writeAiGatewayEnv } from './ai-gateway-env.js'
import { writeDockerCompose } from './docker-compose.js'
import { writeDuoModelsFile } from './duo-models-file.js'
import { writeGitLabForm } from './gitlab-form.js'
import { writeKubernetes } from './kubernetes/kubernetes.js'
import { type RenderInput, readInput } from './read-input.js'
import { RenderError } from './render-error.js'
import type { RenderFormat, RenderRequest } from './render-format.js'
import { checkOptions, type RenderOptions } from './render-options.js'
import { writeVllmServe } from './vllm-serve.js'

const writers: Readonly<Record<RenderFormat, (input: RenderInput, request: RenderRequest) => string>> = {
  'vllm-serve': writeVllmServe,
  'docker-compose': writeDockerCompose,
  kubernetes: writeKubernetes,
  'ai-gateway-env': writeAiGatewayEnv,
  'gitlab-form': writeGitLabForm,
  'duo-models': writeDuoModelsFile,
}

/** Every format that `renderDeployment` writes, for menus and options. */
export const renderFormats: readonly RenderFormat[] = Object.freeze(
  Object.keys(writers).filter((format) => isRenderFormat(format)),
)

/**
 * Writes the file that puts a plan or a configuration into operation. The text ends with a line break and can be pasted
 * as it is: every value is quoted for its format, and secrets appear by reference only.
 *
 * - `vllm-serve`: commands for a POSIX shell, with the documented preparation of the model.
 * - `docker-compose`: a Compose file, with one service per vLLM deployment.
 * - `kubernetes`: manifests in one file: a Deployment, or a LeaderWorkerSet or InferenceService for several machines,
 *   with Service, disruption budget and volume.
 * - `ai-gateway-env`: the environment of GitLab's AI gateway.
 * - `gitlab-form`: what to type into GitLab's forms.
 * - `duo-models`: the configuration itself.
 *
 * Of a configuration every deployment is rendered that the format is for; the option `deployment` picks one. Findings of
 * `checkConfig` do not stop anything from being rendered, faults of structure do.
 *
 * @example
 * const [plan] = planDeployments({ … })
 * writeFileSync('codestral.yaml', renderDeployment(plan, 'kubernetes', { namespace: 'models' }))
 *
 * @throws RenderError for an unknown format or option, input that cannot be read, a plan that does not fit, and a
 *   deployment that the format cannot express; `code` says which
 */
export function renderDeployment<CustomPlatform extends string = never>(
  input: DeploymentPlan | DuoModelsConfiguration<CustomPlatform>,
  format: RenderFormat,
  options: RenderOptions = {},
): string {
  if (!isRenderFormat(format)) throw unknownFormat(format)
  const request = { format, options: checkOptions(options, format) }
  return writers[format](readInput(input, request), request)
}

function isRenderFormat(name: unknown): name is RenderFormat {
  return typeof name === 'string' && Object.hasOwn(writers, name)
}

function unknownFormat(format: unknown): RenderError {
  const name = String(format)
  const [suggestion] = nearest(name, renderFormats, 1)
  const hint = suggestion === undefined ? '' : ` Did you mean '${suggestion}'?`
  return new RenderError({
    code: 'unknown-format',
    format: name,
    message: `There is no format ${showValue(name)} to render.${hint} Use one of ${renderFormats.join(', ')}.`,
  })
}
