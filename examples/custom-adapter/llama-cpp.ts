// Serves a model that GitLab does not list from a platform it does not know: a catalog entry and an adapter are enough.
//   node --import tsx examples/custom-adapter/llama-cpp.ts [endpoint] [served model name]
import { createDuoModelClient, DuoModelError } from '@duo-models/core'
import { formatReport } from '@duo-models/rules'
import { endpointOrEmulator } from '../endpoint-or-emulator.js'
import { engine } from './catalog.js'
import { llamaCppAdapter } from './llama-cpp-adapter.js'

await using server = await endpointOrEmulator()
const configuration = {
  deployments: {
    tiny: {
      platform: 'llama-cpp',
      model: 'tiny-coder-1b',
      endpoint: server.endpoint,
      servedModelName: server.servedModelName,
    },
  },
  features: { 'duo-chat': 'tiny', 'code-completion': 'tiny' },
} as const

console.log(formatReport(engine.checkConfig(configuration), 'pretty'))

// The engine with our model has judged the configuration; the client's own catalog is GitLab's.
await using client = createDuoModelClient(configuration, { adapters: [llamaCppAdapter], compatibility: 'off' })
try {
  const stream = client.stream({
    feature: 'duo-chat',
    messages: [{ role: 'user', content: 'Say hello.' }],
    maxOutputTokens: 40,
  })
  for await (const event of stream) if (event.type === 'text-delta') process.stdout.write(event.text)
  console.log()
} catch (error) {
  if (!DuoModelError.is(error)) throw error
  console.error(`\n${error.name} (${error.code}): ${error.message}`)
  process.exitCode = 1
}
