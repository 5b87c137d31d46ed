// Shows what a client is doing: an event when something happens, a log, and a snapshot of its figures.
//   node --import tsx examples/observe/vllm.ts [endpoint] [served model name]
import { createDuoModelClient } from '@duo-models/core'
import { endpointOrEmulator } from '../endpoint-or-emulator.js'

await using server = await endpointOrEmulator()
await using client = createDuoModelClient(
  {
    platform: 'vllm',
    model: 'mistral-small-24b-instruct-2506',
    endpoint: server.endpoint,
    servedModelName: server.servedModelName,
  },
  {
    logger: { warn: console.warn, error: console.error },
    hooks: {
      onFirstToken: ({ deployment, timeToFirstTokenMs }) =>
        console.log(`${deployment}: first token after ${timeToFirstTokenMs.toFixed(0)} ms`),
      onEnd: ({ requestId, ok, usage }) => console.log(`${requestId}: ${ok ? 'done' : 'failed'}`, usage),
    },
  },
)

for (const content of ['What is a merge request?', 'What is a pipeline?'])
  await client.stream({ feature: 'duo-chat', messages: [{ role: 'user', content }], maxOutputTokens: 24 }).text()

for (const [name, { replicas }] of Object.entries(client.stats().deployments))
  for (const { endpoint, circuit, answers, failures, timeToFirstTokenMs } of replicas)
    console.log(
      `${name} at ${endpoint}: circuit ${circuit}, ${answers} answers, ${failures} failures, ` +
        `TTFT p95 ${timeToFirstTokenMs.p95?.toFixed(0)} ms`,
    )
