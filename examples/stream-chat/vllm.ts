// Streams an answer, and gives it up with Ctrl-C: the server stops generating at once.
//   node --import tsx examples/stream-chat/vllm.ts [endpoint] [served model name]
import { createDuoModelClient, DuoModelError } from '@duo-models/core'
import { endpointOrEmulator } from '../endpoint-or-emulator.js'

await using server = await endpointOrEmulator()
await using client = createDuoModelClient({
  platform: 'vllm',
  model: 'mistral-small-24b-instruct-2506',
  endpoint: server.endpoint,
  servedModelName: server.servedModelName,
})

const controller = new AbortController()
process.once('SIGINT', () => controller.abort())

try {
  const stream = client.stream(
    { feature: 'duo-chat', messages: [{ role: 'user', content: 'What is a merge request?' }], maxOutputTokens: 80 },
    { signal: controller.signal },
  )
  for await (const event of stream) {
    if (event.type === 'text-delta') process.stdout.write(event.text)
    if (event.type === 'response-end') console.log(`\n${Math.round(event.timing.endToEndLatencyMs)} ms`)
  }
} catch (error) {
  if (!DuoModelError.is(error)) throw error
  if (error.code === 'aborted') console.log(`\nGiven up after ${error.partial?.text.length ?? 0} characters.`)
  else console.error(`\n${error.name} (${error.code}): ${error.message}`)
  process.exitCode = error.code === 'aborted' ? 0 : 1
}
