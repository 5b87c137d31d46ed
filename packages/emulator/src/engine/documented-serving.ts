import { catalog } from '@duo-models/rules'
import { resolveServing, type Serving, type ServingOptions } from './serving.js'

/** The machines of the documented response times, smallest first, as they must have been. */
export const documentedMachines: readonly string[] = catalog.responseTimeMachines.flatMap(({ candidates }) =>
  candidates.slice(0, 1),
)

/** The documented small machine: two A100 40 GB. */
export const [smallMachine = 'a2-highgpu-2g'] = documentedMachines

/** The model that all documented machines were measured with. */
export const documentedModel = 'mistral-7b-it-v0.3'

/** That model on that machine. */
export function documentedServing(options: Omit<ServingOptions, 'model' | 'machine' | 'gpu'> = {}): Serving {
  return resolveServing({ ...options, model: documentedModel, machine: smallMachine })
}

/**
 * Stands in for a cloud service, whose machines nobody sees: requests are answered at the documented pace of Mistral 7B
 * and slow one another down, and the cache never runs out.
 */
export function cloudServing(): Serving {
  const { settings, stepTimes } = documentedServing()
  return {
    stepTimes,
    settings: {
      ...settings,
      blocks: 2 ** 40,
      maxNumBatchedTokens: 8192,
      chunkedPrefill: true,
      readsPromptsAlone: false,
    },
  }
}
