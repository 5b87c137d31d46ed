import { wordsOf } from './serve-option.js'
import type { VllmServer } from './vllm-server.js'

/** The arguments of `vllm serve` inside a container that listens on a port. */
export function containerArguments({ model, options }: VllmServer, port: number): readonly string[] {
  // An address of the container's own would shut out everybody else.
  const words = options.filter(({ name }) => name !== 'host').flatMap((option) => wordsOf(option) ?? [])
  return [model, ...words, '--port', String(port)]
}
