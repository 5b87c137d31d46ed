import { type JsonObject, type JsonValue, ownValue } from '../json.js'
import { encode } from '../text/tokenizer.js'
import type { AppliedGuardrail } from './applied-guardrail.js'
import { malformedInput } from './bedrock-request-error.js'
import { headerGuardrail } from './header-guardrail.js'
import type { ModelExchange } from './model-exchange.js'
import { outputRoom } from './output-room.js'
import { checkKeys, wrongType } from './provider-schema.js'

/** A request to one of Mistral's models that has passed every check. */
export interface MistralRequest {
  readonly prompt: string
  readonly promptTokens: number
  /** Most tokens to generate. */
  readonly maxTokens: number
  readonly stop: readonly string[]
  readonly guardrail: AppliedGuardrail | undefined
}

const knownKeys: ReadonlySet<string> = new Set(['prompt', 'max_tokens', 'stop', 'temperature', 'top_p', 'top_k'])
const defaultMaxTokens = 512

/** Reads the body of InvokeModel for Mistral's models, or throws what AWS answers instead. */
export function readMistralRequest({ model, body, exchange, state }: ModelExchange): MistralRequest {
  checkKeys(body, ['prompt'], knownKeys)
  const prompt = body['prompt']
  if (typeof prompt !== 'string') throw wrongType('prompt', 'String', prompt)
  const maxTokens = readNumber(body, 'max_tokens', 1, model.maxOutputTokens, true) ?? defaultMaxTokens
  readNumber(body, 'temperature', 0, 1)
  readNumber(body, 'top_p', 0, 1)
  readNumber(body, 'top_k', 0, 200, true)
  const tokens = encode(prompt.replace(/^<s>/, ''), true).length
  return {
    prompt,
    promptTokens: tokens,
    maxTokens: outputRoom(tokens, Math.min(maxTokens, model.maxOutputTokens), model),
    stop: readStops(body),
    guardrail: headerGuardrail(exchange.headers, state),
  }
}

function readNumber(body: JsonObject, key: string, least: number, most: number, isWhole = false): number | undefined {
  const value = ownValue(body, key) ?? undefined
  if (value === undefined) return undefined
  const isRight = typeof value === 'number' && (!isWhole || Number.isSafeInteger(value))
  if (!isRight) throw wrongType(key, isWhole ? 'Integer' : 'Number', value)
  if (value < least) throw malformedInput(`#/${key}: ${value} is not greater or equal to ${least}`)
  if (value > most) throw malformedInput(`#/${key}: ${value} is not less or equal to ${most}`)
  return value
}

function readStops(body: JsonObject): readonly string[] {
  const stops = ownValue(body, 'stop') ?? []
  if (!Array.isArray(stops)) throw wrongType('stop', 'JSONArray', stops)
  return (stops as readonly JsonValue[]).map((stop, index) => {
    if (typeof stop !== 'string') throw wrongType(`stop/${index}`, 'String', stop)
    if (stop !== '') return stop
    throw malformedInput(`#/stop/${index}: expected minLength: 1, actual: 0`)
  })
}
