import { asString, isJsonObject, type JsonObject, parseJson } from '../openai-format/json.js'

/** A model a server answers to: a base model, or an adapter (LoRA) on top of one. */
export interface VllmModel {
  /** The name to send. */
  readonly id: string
  /** Most tokens of prompt and output together (`--max-model-len`); absent where the server does not say. */
  readonly maxModelLength?: number
  /** What was loaded: a Hugging Face id or a path. */
  readonly root?: string
  /** The base model of a LoRA adapter. */
  readonly parent?: string
}

/** Reads the body of `GET /v1/models`; `undefined` where it is no list of models. */
export function readVllmModels(body: string): readonly VllmModel[] | undefined {
  const json = parseJson(body)
  const data = isJsonObject(json) ? json['data'] : undefined
  return Array.isArray(data) ? data.filter(isJsonObject).flatMap(readModel) : undefined
}

function readModel(card: JsonObject): VllmModel[] {
  const { id, max_model_len: length } = card
  if (typeof id !== 'string') return []
  const root = asString(card['root'])
  const parent = asString(card['parent'])
  const isLength = typeof length === 'number' && Number.isSafeInteger(length) && length > 0
  return [
    {
      id,
      ...(isLength && { maxModelLength: length }),
      ...(root !== undefined && { root }),
      ...(parent !== undefined && { parent }),
    },
  ]
}
