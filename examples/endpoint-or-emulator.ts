import { startEmulator } from '@duo-models/emulator'

/** A vLLM server to talk to. */
export interface Server extends AsyncDisposable {
  readonly endpoint: string
  readonly servedModelName: string
}

/** The server the command line names, or an emulated one. */
export async function endpointOrEmulator(): Promise<Server> {
  const [endpoint, servedModelName = 'served-model'] = process.argv.slice(2)
  if (endpoint !== undefined) return { endpoint, servedModelName, [Symbol.asyncDispose]: async () => {} }
  const emulator = await startEmulator({ platform: 'vllm', servedModelName, speed: 5 })
  return { endpoint: emulator.baseUrl, servedModelName, [Symbol.asyncDispose]: () => emulator.close() }
}
