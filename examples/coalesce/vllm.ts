// Three callers ask the same deterministic question at once; the server is asked once.
//   node --import tsx examples/coalesce/vllm.ts [endpoint] [served model name]
import { createDuoModelClient, type ModelRequest } from '@duo-models/core'
import { endpointOrEmulator } from '../endpoint-or-emulator.js'

await using server = await endpointOrEmulator()
await using client = createDuoModelClient(
  {
    platform: 'vllm',
    model: 'mistral-small-24b-instruct-2506',
    endpoint: server.endpoint,
    servedModelName: server.servedModelName,
  },
  { coalesce: true },
)

const request: ModelRequest = {
  feature: 'duo-chat',
  messages: [{ role: 'user', content: 'What is a merge request?' }],
  maxOutputTokens: 24,
  temperature: 0,
}
const responses = await Promise.all([request, request, request].map((each) => client.generate(each)))

const attempts = client.stats().deployments['default']?.replicas[0]?.attempts
console.log(`${responses.length} answers from ${attempts} request`)
