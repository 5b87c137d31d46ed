import { startEmulator, type VllmEmulatorOptions } from '@duo-models/emulator'

/** A vLLM server to talk to. */
export interface Server extends AsyncDisposable {
  readonly endpoint: string
  readonly servedModelName: string
}

/**
 * The server the command line names, or an emulated one.
 * @param options how the emulated one is set up
 */
export async function endpointOrEmulator(options: Partial<VllmEmulatorOptions> = {}): Promise<Server> {
  const [endpoint, servedModelName = 'served-model'] = process.argv.slice(2)
  if (endpoint !== undefined) return { endpoint, servedModelName, [Symbol.asyncDispose]: async () => {} }
  const emulator = await startEmulator({ speed: 5, ...options, platform: 'vllm', servedModelName })
  return { endpoint: emulator.baseUrl, servedModelName, [Symbol.asyncDispose]: () => emulator.close() }
}
