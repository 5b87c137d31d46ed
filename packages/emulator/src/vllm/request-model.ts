import type { BodyReader } from './body-reader.js'
import { unknownModel } from './vllm-request-error.js'
import type { VllmServerState } from './vllm-server-state.js'

/** Reads `model`, as far as its form goes. */
export function readModel(reader: BodyReader, { behaviour, servedModelNames }: VllmServerState): string {
  if (!behaviour.modelIsOptional) reader.require('model')
  return reader.string('model') ?? servedModelNames[0]
}

/** Throws the 404 unless the server answers to the name. Names are compared exactly, as vLLM does. */
export function requireServedModel(model: string, { behaviour, servedModelNames }: VllmServerState): void {
  if (!servedModelNames.includes(model)) throw unknownModel(model, behaviour.nestsErrors)
}
