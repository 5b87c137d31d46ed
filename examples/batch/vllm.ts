// Answers a list of questions, several at a time, and says how it went.
//   node --import tsx examples/batch/vllm.ts [endpoint] [served model name]
import { type BatchItem, createDuoModelClient } from '@duo-models/core'
import { endpointOrEmulator } from '../endpoint-or-emulator.js'

await using server = await endpointOrEmulator()
await using client = createDuoModelClient({
  platform: 'vllm',
  model: 'mistral-small-24b-instruct-2506',
  endpoint: server.endpoint,
  servedModelName: server.servedModelName,
})

/** Taken only as fast as the answers come: this could as well be a database cursor. */
function* questions(): Generator<BatchItem> {
  for (const topic of ['a merge request', 'a pipeline', 'a runner', 'an epic', 'a milestone'])
    yield {
      id: topic,
      request: {
        feature: 'duo-chat',
        messages: [{ role: 'user', content: `What is ${topic}?` }],
        maxOutputTokens: 24,
      },
    }
}

const batch = client.batch(questions(), {
  total: 5,
  concurrency: 2,
  progressIntervalMs: 250,
  onProgress: ({ done, total, requestsPerSecond }) =>
    console.error(`${done} of ${total} · ${requestsPerSecond.toFixed(1)} per second`),
})
for await (const result of batch)
  console.log(result.ok ? `${result.id}: ${result.response.text}` : `${result.id}: ${result.error.message}`)

const { done, failed, endToEndLatencyMs, outputTokensPerSecond } = await batch.summary
console.log(
  `${done} done, ${failed} failed · p95 ${endToEndLatencyMs.p95?.toFixed(0)} ms · ${outputTokensPerSecond.toFixed(0)} tokens/s`,
)
