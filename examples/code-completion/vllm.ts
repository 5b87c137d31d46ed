// Completes code between a prefix and a suffix, with the special tokens of the model's family.
//   node --import tsx examples/code-completion/vllm.ts [endpoint] [served model name]
import { createDuoModelClient } from '@duo-models/core'
import { endpointOrEmulator } from '../endpoint-or-emulator.js'

await using server = await endpointOrEmulator()
await using client = createDuoModelClient({
  platform: 'vllm',
  model: 'codestral-22b-v0.1',
  endpoint: server.endpoint,
  servedModelName: server.servedModelName,
})

const prefix = 'function add(a: number, b: number) {\n  '
const suffix = '\n}\n'
const { text } = await client.generate({ feature: 'code-completion', prefix, suffix, language: 'typescript' })

console.log(`${prefix}${text}${suffix}`)
