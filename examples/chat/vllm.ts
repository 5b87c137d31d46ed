// Asks a question and waits for the whole answer.
//   node --import tsx examples/chat/vllm.ts [endpoint] [served model name]
import { createDuoModelClient } from '@duo-models/core'
import { endpointOrEmulator } from '../endpoint-or-emulator.js'

await using server = await endpointOrEmulator()
await using client = createDuoModelClient({
  platform: 'vllm',
  model: 'mistral-small-24b-instruct-2506',
  endpoint: server.endpoint,
  servedModelName: server.servedModelName,
})

const response = await client.generate({
  feature: 'duo-chat',
  messages: [{ role: 'user', content: 'What is a merge request?' }],
  maxOutputTokens: 80,
})

console.log(response.text)
console.log(response.usage, response.finishReason)
