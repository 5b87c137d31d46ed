import { catalog, findModel } from '@duo-models/rules'
import { EmulatorError } from '../emulator-error.js'
import { documentedMachines, documentedServing } from '../engine/documented-serving.js'
import { resolveServing, type Serving, type ServingOptions, tryServing } from '../engine/serving.js'
import { invalidOption } from '../invalid-option.js'
import type { VllmEmulatorOptions } from './vllm-emulator-options.js'

const defaultMaxModelLength = 32_768

/** How the emulated server is set up, and the longest request it takes. */
export interface VllmServing extends Serving {
  readonly maxModelLength: number
}

/**
 * With a machine, what vLLM would do on it. Without one, the smallest documented machine that can serve the model; a
 * model that the catalog does not know, or that fits none of them, gets the pace of Mistral 7B on the small one.
 *
 * Throws `EmulatorError` (`invalid-option`) for values that cannot be used.
 */
export function vllmServing(options: VllmEmulatorOptions, model: string, version: string): VllmServing {
  const context = contextOf(model)
  const maxModelLength = options.maxModelLength ?? Math.min(defaultMaxModelLength, context ?? defaultMaxModelLength)
  if (!Number.isSafeInteger(maxModelLength) || maxModelLength < 1)
    throw invalidOption('maxModelLength', maxModelLength, 'a whole number of tokens, 1 or more')
  const { machine, maxNumSeqs, maxNumBatchedTokens, gpuMemoryUtilization, schedulingPolicy, enablePrefixCaching } =
    options
  const settings = { maxNumSeqs, maxNumBatchedTokens, gpuMemoryUtilization, schedulingPolicy, enablePrefixCaching }
  const question = { ...settings, model, maxModelLength, vllmVersion: engineVersion(version) }
  if (machine !== undefined) return checkLongest({ ...resolveServing({ ...question, machine }), maxModelLength })
  const serving = context === undefined ? undefined : smallestMachine(question)
  const { model: _, maxModelLength: _longest, ...withoutModel } = question
  return checkLongest({ ...(serving ?? roomFor(maxModelLength, documentedServing(withoutModel))), maxModelLength })
}

/** Longest context of a model whose architecture the catalog knows. */
function contextOf(model: string): number | undefined {
  const id = findModel(model).model?.id
  return id === undefined ? undefined : catalog.architectures[id]?.maxPositions
}

/** The rules know releases; what stands before and after the release's number makes no difference to a scheduler. */
function engineVersion(version: string): string {
  return /\d+(\.\d+)+/.exec(version)?.[0] ?? version
}

function smallestMachine(question: ServingOptions): Serving | undefined {
  for (const machine of documentedMachines) {
    const serving = tryServing({ ...question, machine })
    if (!(serving instanceof EmulatorError)) return serving
  }
  return undefined
}

/** A server that only stands for a pace must not be too small for what it is said to take. */
function roomFor(maxModelLength: number, { settings, stepTimes }: Serving): Serving {
  const { blocks, blockSize, chunkedPrefill, maxNumBatchedTokens } = settings
  return {
    stepTimes,
    settings: {
      ...settings,
      blocks: Math.max(blocks, Math.ceil(maxModelLength / blockSize)),
      maxNumBatchedTokens: chunkedPrefill ? maxNumBatchedTokens : Math.max(maxNumBatchedTokens, maxModelLength),
    },
  }
}

/** vLLM's own check: a prompt that is read whole must fit into a step. */
function checkLongest(serving: VllmServing): VllmServing {
  const { chunkedPrefill, maxNumBatchedTokens } = serving.settings
  if (chunkedPrefill || maxNumBatchedTokens >= serving.maxModelLength) return serving
  const expected = `at least maxModelLength (${serving.maxModelLength}) where long prompts are not read in pieces, as before vLLM 0.8`
  throw invalidOption('maxNumBatchedTokens', maxNumBatchedTokens, expected)
}
