// Asks a server what it is before anything depends on it.
//   node --import tsx examples/probe/vllm.ts [endpoint] [served model name]
import { createDuoModelClient } from '@duo-models/core'
import { endpointOrEmulator } from '../endpoint-or-emulator.js'

await using server = await endpointOrEmulator()
await using client = createDuoModelClient({
  platform: 'vllm',
  model: 'mistral-small-24b-instruct-2506',
  endpoint: server.endpoint,
  servedModelName: server.servedModelName,
})

const { ok, findings, deployments } = await client.probe()
for (const [name, replicas] of Object.entries(deployments))
  for (const { endpoint, version, maxModelLength, timeToFirstTokenMs } of replicas)
    console.log(
      `${name} at ${endpoint}: version ${version ?? 'unknown'}, ${maxModelLength ?? 'unknown'} tokens, ` +
        `first token after ${timeToFirstTokenMs?.toFixed(0) ?? '–'} ms`,
    )
for (const { severity, rule, message, fix } of findings)
  console.log(`${severity} ${rule}: ${message} ${fix?.description ?? ''}`)
process.exitCode = ok ? 0 : 1
