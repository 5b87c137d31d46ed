import { cloudServing } from '../engine/documented-serving.js'
import { RealTimeEngine } from '../engine/real-time-engine.js'
import { invalidOption } from '../invalid-option.js'
import { createRandom } from '../random.js'
import { listOf, readCommonOptions } from '../read-common-options.js'
import { UsageMetrics } from '../usage-metrics.js'
import type {
  BedrockEmulatorOptions,
  EmulatedAwsCredentials,
  EmulatedBedrockModel,
  EmulatedGuardrail,
} from './bedrock-emulator-options.js'
import { type BedrockModel, bedrockModels } from './bedrock-model.js'
import type { BedrockServerState } from './bedrock-server-state.js'
import { PromptCache } from './prompt-cache.js'

/** Region, access key id and secret access key when the options name none. */
const defaultRegion = 'us-east-1'
/** A century: more than any clock is wrong, and times stay within what a date can hold. */
const maxClockOffsetMs = 100 * 365 * 86_400_000
const defaultCredentials: EmulatedAwsCredentials = { accessKeyId: 'test', secretAccessKey: 'test' }

/** Turns options into a server's state. Throws `EmulatorError` (`invalid-option`) for values that cannot be used. */
export function createBedrockState(options: BedrockEmulatorOptions): BedrockServerState {
  const { apiKeys, seed, speed } = readCommonOptions(options)
  const { region = defaultRegion, clockOffsetMs = 0, verifySignature = true, guardrails = {} } = options
  if (!/^[a-z0-9-]+$/.test(region))
    throw invalidOption('region', region, 'the name of an AWS Region, such as us-east-1')
  if (!(Math.abs(clockOffsetMs) <= maxClockOffsetMs))
    throw invalidOption('clockOffsetMs', clockOffsetMs, 'milliseconds, at most a hundred years')
  return {
    region,
    credentials: readCredentials(options),
    verifiesSignatures: verifySignature,
    apiKeys,
    models: readModels(options),
    guardrails: readGuardrails(guardrails),
    promptCache: new PromptCache(),
    clock: () => new Date(Date.now() + clockOffsetMs),
    seed,
    respond: options.respond,
    engine: new RealTimeEngine(cloudServing(), speed),
    metrics: new UsageMetrics(),
    ids: createRandom('ids', seed),
  }
}

/** Messages never repeat what is wrong with a credential: it may be a real one. */
function readCredentials({
  credentials = defaultCredentials,
}: BedrockEmulatorOptions): readonly EmulatedAwsCredentials[] {
  const list = listOf(credentials)
  if (list.length === 0) throw invalidOption('credentials', [], 'at least one key pair')
  for (const [index, { accessKeyId, secretAccessKey, sessionToken }] of list.entries()) {
    if (!isText(accessKeyId) || accessKeyId.includes('/'))
      throw invalidOption(`credentials[${index}].accessKeyId`, '', 'a text of at least one character without "/"')
    if (!isText(secretAccessKey) || (sessionToken !== undefined && !isText(sessionToken)))
      throw invalidOption(`credentials[${index}]`, {}, 'an object whose secrets are texts of at least one character')
  }
  return list
}

function readModels({ model, models = [] }: BedrockEmulatorOptions): readonly BedrockModel[] {
  const given: readonly EmulatedBedrockModel[] = model === undefined ? models : [...models, { id: model }]
  for (const [index, { id, access, contextWindow, maxOutputTokens }] of given.entries()) {
    const path = index < models.length ? `models[${index}].` : ''
    if (!isText(id)) throw invalidOption(path === '' ? 'model' : `${path}id`, id, 'a model id')
    const isKnown = access === undefined || ['granted', 'not-granted', 'use-case-form'].includes(access)
    if (!isKnown) throw invalidOption(`${path}access`, access, 'granted, not-granted or use-case-form')
    requireCount(`${path}contextWindow`, contextWindow)
    requireCount(`${path}maxOutputTokens`, maxOutputTokens)
  }
  return bedrockModels(given)
}

function requireCount(path: string, value: number | undefined): void {
  if (value === undefined || (Number.isSafeInteger(value) && value >= 1)) return
  throw invalidOption(path, value, 'a whole number of tokens, 1 or more')
}

function readGuardrails(
  guardrails: NonNullable<BedrockEmulatorOptions['guardrails']>,
): ReadonlyMap<string, EmulatedGuardrail> {
  for (const [identifier, { blockedWords }] of Object.entries(guardrails)) {
    if (Array.isArray(blockedWords) && blockedWords.every(isText)) continue
    throw invalidOption(`guardrails[${JSON.stringify(identifier)}].blockedWords`, blockedWords, 'a list of words')
  }
  return new Map(Object.entries(guardrails))
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}
