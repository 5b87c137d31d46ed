import { createDuoModelClient } from '../index.js'

/** Runs in a process with a small heap: reads a stream to its end and prints how many characters it brought. */
const endpoint = process.argv[2] ?? ''
const client = createDuoModelClient({ platform: 'vllm', model: 'mistral-small-24b-instruct-2506', endpoint })
let characters = 0
const messages = [{ role: 'user' as const, content: 'Go on for ever.' }]
for await (const event of client.stream({ feature: 'duo-chat', messages }))
  if (event.type === 'text-delta') characters += event.text.length
await client.close()
process.stdout.write(String(characters))
