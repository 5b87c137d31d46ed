import {
  type Emulator,
  type RecordedRequest,
  type RespondRequest,
  startEmulator,
  type VllmEmulatorOptions,
} from '@duo-models/emulator'
import type { ClientOptions } from '../client-options.js'
import { createDuoModelClient } from '../create-duo-model-client.js'
import type { DuoModelClient } from '../duo-model-client.js'
import type { CodeCompletionRequest } from '../model-request.js'

const servedModelName = 'codestral'

/** A client that completes code with raw prompts, and its emulated vLLM server; for tests only. */
export interface CompletingClient extends AsyncDisposable {
  readonly client: DuoModelClient
  readonly server: Emulator
  /** The prompts of every request so far that was for completions: a list where they shared one. */
  prompts(): readonly (string | readonly string[])[]
}

/** Starts the server and makes the client. */
export async function completingClient(
  server: Partial<VllmEmulatorOptions> = {},
  options: ClientOptions = {},
): Promise<CompletingClient> {
  const respond = ({ prompt }: RespondRequest) => answerTo(Number(/function_(\d+)/.exec(prompt)?.[1] ?? 0))
  const started = await startEmulator({ platform: 'vllm', servedModelName, speed: 0, respond, ...server })
  const endpoint = started.baseUrl
  const client = createDuoModelClient(
    { platform: 'vllm', model: 'codestral-22b-v0.1', servedModelName, endpoint },
    options,
  )
  return {
    client,
    server: started,
    prompts: () => started.requests.filter(({ path }) => path === '/v1/completions').map(promptOf),
    [Symbol.asyncDispose]: async () => {
      await client.close()
      await started.close()
    },
  }
}

/** An answer that nobody else gets, of a length of its own. */
function answerTo(number: number): string {
  return Array.from({ length: 6 + (number % 5) }, (_, at) => `parameter_${number}_${at}`).join(', ')
}

function promptOf({ json }: RecordedRequest): string | readonly string[] {
  return (json as { readonly prompt: string | readonly string[] }).prompt
}

/** A place in a file that differs with its number. */
export function place(number: number, more: Partial<CodeCompletionRequest> = {}): CodeCompletionRequest {
  return {
    feature: 'code-completion',
    prefix: `def function_${number}(`,
    suffix: '\n',
    maxOutputTokens: 24,
    temperature: 0,
    ...more,
  }
}
