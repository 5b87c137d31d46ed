import { showValue } from '../show-value.js'
import { isAtLeast } from './image.js'
import { RenderError } from './render-error.js'
import type { RenderRequest } from './render-format.js'
import { advisedVersion } from './server-image.js'
import type { VllmServer } from './vllm-server.js'

/** What starts one vLLM over several machines: a Ray cluster, or vLLM itself. */
export type Launcher = 'ray' | 'vllm'

// From here on the official images carry no Ray, and vLLM starts its own processes on every machine:
// https://github.com/kubernetes-sigs/lws/issues/835 and https://docs.vllm.ai/en/latest/serving/parallelism_scaling.html.
const firstWithoutRay = '0.19.0'

/**
 * What starts a server that spans several machines.
 * @throws RenderError when Ray is asked for and the image would not have it
 */
export function launcherOf({ deployment, vllmVersion }: VllmServer, { format, options }: RenderRequest): Launcher {
  const version = vllmVersion ?? advisedVersion()
  if (!isAtLeast(version, firstWithoutRay)) return 'ray'
  if (options.distributed !== 'ray') return 'vllm'
  if (format === 'vllm-serve' || options.image !== undefined) return 'ray'
  throw new RenderError({
    code: 'invalid-option',
    format,
    deployment,
    message: `options.distributed is "ray", and the official images carry no Ray from vLLM ${firstWithoutRay} on (deployment ${showValue(deployment)} uses ${showValue(version)}). Name an image that has it with the option image, or leave distributed out.`,
  })
}

/** Port of the Ray cluster. */
export const rayPort = 6379

/** A command that makes this machine the first of a Ray cluster; VLLM_HOST_IP is its address. */
export const startRayHead = `ray start --head --node-ip-address="$VLLM_HOST_IP" --port=${rayPort} --include-dashboard=false --disable-usage-stats`

/** A command that waits, without end, until a number of machines have joined the Ray cluster of this one. */
export function waitForRayNodes(nodes: number): string {
  const program = `import ray, sys; ray.init(address='auto', logging_level='ERROR'); sys.exit(sum(node['Alive'] for node in ray.nodes()) < ${nodes})`
  return `until python3 -c "${program}"; do echo 'Waiting for ${nodes} machines.'; sleep 5; done`
}
