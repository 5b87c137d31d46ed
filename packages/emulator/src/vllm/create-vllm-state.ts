import { EmulatorError } from '../emulator-error.js'
import type { EmulatorOptions } from '../emulator-options.js'
import { mistral7bOnTwoA100 } from '../engine/pace.js'
import { PacedEngine } from '../engine/paced-engine.js'
import { createRandom } from '../random.js'
import { vllmBehaviour } from './vllm-behaviour.js'
import { VllmMetrics } from './vllm-metrics.js'
import type { VllmServerState } from './vllm-server-state.js'

const defaultModel = 'mistralai/Mistral-7B-Instruct-v0.3'
const defaultVersion = '0.11.0'
const defaultMaxModelLength = 32_768

/** Turns options into a server's state. Throws `EmulatorError` (`invalid-option`) for values that cannot be used. */
export function createVllmState(options: EmulatorOptions): VllmServerState {
  const { model = defaultModel, seed = 0, speed = 1, maxModelLength = defaultMaxModelLength } = options
  const [firstName, ...otherNames] = listOf(options.servedModelName ?? model)
  if (!firstName) throw invalid('servedModelName', options.servedModelName, 'at least one name')
  if (!Number.isSafeInteger(maxModelLength) || maxModelLength < 1) {
    throw invalid('maxModelLength', maxModelLength, 'a whole number of tokens, 1 or more')
  }
  if (typeof speed !== 'number' || !(speed >= 0)) throw invalid('speed', speed, 'a number, 0 or more')
  const apiKeys = listOf(options.apiKey ?? [])
  if (apiKeys.includes('')) throw invalid('apiKey', '', 'a key of at least one character')
  return {
    behaviour: vllmBehaviour(options.version ?? defaultVersion),
    model,
    servedModelNames: [firstName, ...otherNames],
    maxModelLength,
    apiKeys,
    autoToolChoice: options.autoToolChoice ?? false,
    seed,
    respond: options.respond,
    engine: new PacedEngine(mistral7bOnTwoA100, speed),
    metrics: new VllmMetrics(),
    ids: createRandom('ids', seed),
    startedAtSeconds: Math.floor(Date.now() / 1000),
  }
}

function listOf(value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? [value] : value
}

function invalid(option: string, value: unknown, expected: string): EmulatorError {
  return new EmulatorError(
    'invalid-option',
    `${option} must be ${expected}; it is ${JSON.stringify(value) ?? String(value)}.`,
  )
}
