// A batch fills the server with background work while somebody chats; the chat hardly notices.
//   node --import tsx examples/priorities/vllm.ts [endpoint] [served model name]
import { createDuoModelClient, type ModelRequest } from '@duo-models/core'
import { endpointOrEmulator } from '../endpoint-or-emulator.js'

await using server = await endpointOrEmulator({ maxNumSeqs: 8, speed: 20 })
await using client = createDuoModelClient({
  platform: 'vllm',
  model: 'mistral-small-24b-instruct-2506',
  endpoint: server.endpoint,
  servedModelName: server.servedModelName,
})

const ask = (content: string): ModelRequest => ({
  feature: 'duo-chat',
  messages: [{ role: 'user', content }],
  maxOutputTokens: 64,
})
const batch = client.batch(
  Array.from({ length: 200 }, (_, number) => ask(`Summarise merge request ${number}.`)),
  { stream: true },
)
const summary = batch.summary

let slowestMs = 0
for (let turn = 1; turn <= 10; turn += 1) {
  const response = await client.stream(ask(`Question ${turn}?`)).response
  slowestMs = Math.max(slowestMs, response.timing.timeToFirstTokenMs ?? 0)
}
const { running } = batch.progress
console.log(`10 chat answers, while ${running} requests of the batch were under way or waited`)
console.log(`slowest first token ${Math.round(slowestMs)} ms`)

const { done, failed } = await summary
const limit = client.stats().deployments['default']?.replicas[0]?.concurrencyLimit
console.log(`batch: ${done} answers, ${failed} failed; in the end ${limit} requests were sent at a time`)
