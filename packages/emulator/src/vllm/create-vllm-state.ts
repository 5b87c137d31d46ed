import { RealTimeEngine } from '../engine/real-time-engine.js'
import { invalidOption } from '../invalid-option.js'
import { createRandom } from '../random.js'
import { listOf, readCommonOptions } from '../read-common-options.js'
import { vllmBehaviour } from './vllm-behaviour.js'
import type { VllmEmulatorOptions } from './vllm-emulator-options.js'
import { VllmMetrics } from './vllm-metrics.js'
import type { VllmServerState } from './vllm-server-state.js'
import { vllmServing } from './vllm-serving.js'

const defaultModel = 'mistralai/Mistral-7B-Instruct-v0.3'
const defaultVersion = '0.11.0'

/** Turns options into a server's state. Throws `EmulatorError` (`invalid-option`) for values that cannot be used. */
export function createVllmState(options: VllmEmulatorOptions): VllmServerState {
  const { model = defaultModel, version = defaultVersion } = options
  const { apiKeys, seed, speed } = readCommonOptions(options)
  const [firstName, ...otherNames] = listOf(options.servedModelName ?? model)
  if (!firstName) throw invalidOption('servedModelName', options.servedModelName, 'at least one name')
  const behaviour = vllmBehaviour(version)
  const serving = vllmServing(options, model, version)
  return {
    behaviour,
    model,
    servedModelNames: [firstName, ...otherNames],
    maxModelLength: serving.maxModelLength,
    apiKeys,
    autoToolChoice: options.autoToolChoice ?? false,
    seed,
    respond: options.respond,
    engine: new RealTimeEngine(serving, speed),
    metrics: new VllmMetrics(),
    ids: createRandom('ids', seed),
    startedAtSeconds: Math.floor(Date.now() / 1000),
  }
}
