import {
  type AdapterConnection,
  type AdapterEvent,
  type AdapterRequest,
  DuoModelError,
  loadAdapter,
} from '@duo-models/adapters'
import { type EmulatedAnswer, type Emulator, startEmulator } from '@duo-models/emulator'

/** The platforms the table compares. */
export const platforms = ['vllm', 'bedrock', 'azure-openai'] as const
/** One of them. */
export type Platform = (typeof platforms)[number]

/** A platform's emulator with the adapter connected to it. */
export interface Laboratory {
  readonly emulator: Emulator
  readonly connection: AdapterConnection
  /** Sends a streamed request and reads to the end, or to the error. */
  stream(request: Partial<AdapterRequest>, signal?: AbortSignal): Promise<Stream>
}

/** What a stream came to. */
interface Stream {
  readonly events: readonly AdapterEvent[]
  readonly text: string
  readonly error: DuoModelError | undefined
}

/** What is set up. Everything has a default. */
export interface LaboratoryOptions {
  readonly answer?: EmulatedAnswer
  /** The model, and the name the server has for it. Default: one of the platform. */
  readonly model?: string
  /** Divides delays; 0 is none. Default: 0. */
  readonly speed?: number
  readonly settings?: Readonly<Record<string, unknown>>
}

const blockedWord = 'weapon'
/** A prompt that every content filter of the emulators refuses. */
export const blockedPrompt = `Where is the ${blockedWord}?`

const names: Readonly<Record<Platform, { readonly model: string; readonly servedModelName: string }>> = {
  vllm: { model: 'mistral-small-24b-instruct-2506', servedModelName: 'served' },
  bedrock: { model: 'claude-3.7-sonnet', servedModelName: 'us.anthropic.claude-3-7-sonnet-20250219-v1:0' },
  'azure-openai': { model: 'gpt-4o', servedModelName: 'gpt-4o' },
}
const settings: Readonly<Record<Platform, Readonly<Record<string, unknown>>>> = {
  vllm: {},
  bedrock: { region: 'us-east-1' },
  'azure-openai': { apiVersion: '2024-10-21' },
}

function start(platform: Platform, { answer, speed = 0 }: LaboratoryOptions): Promise<Emulator> {
  const common = { speed, apiKey: 'key', ...(answer && { respond: () => answer }) }
  if (platform === 'vllm') return startEmulator({ platform, servedModelName: names.vllm.servedModelName, ...common })
  if (platform === 'bedrock')
    return startEmulator({ platform, guardrails: { gr: { blockedWords: [blockedWord] } }, ...common })
  return startEmulator({ platform, filteredWords: { violence: [blockedWord] }, ...common })
}

/** Runs `use` with a platform's emulator and an adapter that is connected to it. */
export async function withLaboratory(
  platform: Platform,
  options: LaboratoryOptions,
  use: (laboratory: Laboratory) => Promise<void>,
): Promise<void> {
  await using emulator = await start(platform, options)
  const adapter = await loadAdapter(platform)
  const target = {
    deployment: platform,
    ...names[platform],
    ...(options.model !== undefined && { model: options.model, servedModelName: options.model }),
    endpoint: emulator.baseUrl,
    apiKey: 'key',
    settings: { ...settings[platform], ...options.settings },
  }
  const connection = await adapter.connect(target, { connectTimeoutMs: 5_000, maxConnections: 4 })
  try {
    await use({ emulator, connection, stream: (request, signal) => readStream(connection, request, signal) })
  } finally {
    await connection.close()
  }
}

async function readStream(
  connection: AdapterConnection,
  request: Partial<AdapterRequest>,
  signal: AbortSignal = new AbortController().signal,
): Promise<Stream> {
  const sent = { kind: 'chat', messages: [{ role: 'user', content: 'Hello' }], maxOutputTokens: 4_000, ...request }
  const events: AdapterEvent[] = []
  let error: DuoModelError | undefined
  try {
    for await (const batch of connection.stream(sent as AdapterRequest, { signal, requestId: 'parity' }))
      events.push(...batch)
  } catch (thrown) {
    if (!DuoModelError.is(thrown)) throw thrown
    error = thrown
  }
  const text = events.map((event) => (event.type === 'text-delta' ? event.text : '')).join('')
  return { events, text, error }
}
