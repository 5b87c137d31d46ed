import type { JsonObject } from '../json.js'
import type { BedrockModel } from './bedrock-model.js'

/** What a body is read for. */
export interface ModelRequest {
  readonly model: BedrockModel
  /** The model id in the request. */
  readonly modelId: string
  readonly body: JsonObject
}
