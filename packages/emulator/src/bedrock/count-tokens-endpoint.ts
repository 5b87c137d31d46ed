import { isJsonObject, type JsonObject, parseJson } from '../json.js'
import { validationError } from './bedrock-request-error.js'
import { readClaudeRequest } from './claude-request.js'
import { readConverseRequest } from './converse-request.js'
import { objectAt, stringAt } from './json-fields.js'
import { type ModelExchange, sendAnswer } from './model-exchange.js'

/** `POST /model/{modelId}/count-tokens`: how many tokens a request would be charged for. Claude's models only. */
export async function answerCountTokens(exchange: ModelExchange): Promise<void> {
  if (exchange.model.provider !== 'anthropic')
    throw validationError("The provided model doesn't support counting tokens.")
  const { promptTokens } = readCounted(exchange)
  await sendAnswer(exchange, JSON.stringify({ inputTokens: promptTokens }))
}

function readCounted(exchange: ModelExchange): { readonly promptTokens: number } {
  const input = objectAt(exchange.body, 'input') ?? {}
  const converse = objectAt(input, 'converse')
  if (converse !== undefined) return readConverseRequest({ ...exchange, body: converse }, exchange.state)
  const invoke = objectAt(input, 'invokeModel')
  const text = invoke && stringAt(invoke, 'body')
  const body = text === undefined ? undefined : parseJson(Buffer.from(text, 'base64').toString('utf8'))
  if (!isJsonObject(body)) throw validationError('The input must hold a request for Converse or InvokeModel.')
  return readClaudeRequest({ ...exchange, body: { ...leftOut(exchange), ...body } })
}

/** What a body that is only counted may leave out. */
function leftOut({ model }: ModelExchange): JsonObject {
  return { anthropic_version: 'bedrock-2023-05-31', max_tokens: model.maxOutputTokens }
}
