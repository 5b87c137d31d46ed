import { startEmulator } from '@duo-models/emulator'
import { expectTypeOf, test } from 'vitest'

type Options = Parameters<typeof startEmulator>[0]

test('the platform decides which options there are', () => {
  expectTypeOf<{
    platform: 'vllm'
    servedModelName: 'm'
    version: '0.11.0'
    machine: 'a2-highgpu-2g'
    maxNumSeqs: 8
  }>().toExtend<Options>()
  expectTypeOf<{ platform: 'bedrock'; region: 'eu-west-1'; models: [{ id: 'a'; retired: true }] }>().toExtend<Options>()
  expectTypeOf<{ platform: 'azure-openai'; deployments: { a: { model: 'gpt-4o' } } }>().toExtend<Options>()

  // @ts-expect-error: a served name is vLLM's.
  startEmulator({ platform: 'bedrock', servedModelName: 'm' })
  // @ts-expect-error: a Region is Bedrock's.
  startEmulator({ platform: 'azure-openai', region: 'eu-west-1' })
  // @ts-expect-error: the machines of a cloud service are not the user's business.
  startEmulator({ platform: 'bedrock', machine: 'a2-highgpu-2g' })
  // @ts-expect-error: deployments are Azure's.
  startEmulator({ platform: 'vllm', deployments: {} })
})

test('common options are there on every platform, and may be undefined', () => {
  interface Common {
    speed: 0
    seed: 1
    port: undefined
    host: '::1'
    apiKey: ['a', 'b']
    respond: () => 'x'
    faults: [{ kind: 'html' }]
    model: string
  }
  expectTypeOf<Common & { platform: 'vllm' }>().toExtend<Options>()
  expectTypeOf<Common & { platform: 'bedrock' }>().toExtend<Options>()
  expectTypeOf<Common & { platform: 'azure-openai' }>().toExtend<Options>()
})
