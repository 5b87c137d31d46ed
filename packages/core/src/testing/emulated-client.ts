import { inspect } from 'node:util'
import { DuoModelError } from '@duo-models/adapters'
import { type Emulator, startEmulator, type VllmEmulatorOptions } from '@duo-models/emulator'
import type { ClientOptions } from '../client-options.js'
import { createDuoModelClient } from '../create-duo-model-client.js'
import type { DuoModelClient } from '../duo-model-client.js'
import type { ModelRequest } from '../model-request.js'

/** A key that must never be seen again. */
export const apiKey = 'sk-very-secret-1234567890'
const servedModelName = 'mistral-small'

/** A client and the emulated vLLM servers it talks to, closed together; for tests only. */
export interface EmulatedClient extends AsyncDisposable {
  readonly client: DuoModelClient
  readonly servers: readonly Emulator[]
}

/** Starts one server per entry of `servers`, and a client with all of them as replicas of one deployment. */
export async function emulatedClient(
  servers: readonly Partial<VllmEmulatorOptions>[] = [{}],
  options?: ClientOptions,
): Promise<EmulatedClient> {
  const started = await Promise.all(
    servers.map((each) => startEmulator({ platform: 'vllm', servedModelName, apiKey, speed: 0, ...each })),
  )
  const client = createDuoModelClient(deploymentAt(...started.map(({ baseUrl }) => baseUrl)), options)
  return {
    client,
    servers: started,
    [Symbol.asyncDispose]: async () => {
      await client.close()
      await Promise.all(started.map((server) => server.close()))
    },
  }
}

/** A deployment whose replicas are these endpoints. */
export function deploymentAt(...endpoint: string[]) {
  return { platform: 'vllm', model: 'mistral-small-24b-instruct-2506', endpoint, servedModelName, apiKey } as const
}

/** A port nobody listens on. */
export async function deadEndpoint(): Promise<string> {
  const started = await startEmulator({ platform: 'vllm' })
  await started.close()
  return started.baseUrl
}

/** A question that differs with its number. */
export function question(number: number): ModelRequest {
  return { feature: 'duo-chat', messages: [{ role: 'user', content: `Question ${number}?` }], maxOutputTokens: 8 }
}

/** What a promise failed with. */
export async function failureOf(promise: Promise<unknown>): Promise<DuoModelError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!DuoModelError.is(error)) throw new Error(`a DuoModelError was expected, and there was ${inspect(error)}`)
  return error
}
