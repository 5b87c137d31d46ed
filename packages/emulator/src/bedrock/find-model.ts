import type { BedrockModel } from './bedrock-model.js'
import { BedrockRequestError, validationError } from './bedrock-request-error.js'
import type { BedrockServerState } from './bedrock-server-state.js'

/** What a model id in a request stands for. */
interface ModelReference {
  /** The id without a profile's prefix. */
  readonly id: string
  /** The prefix of an inference profile, such as `us` or `global`. */
  readonly geography: string | undefined
}

/** Where the Regions of a profile's geography are. Prefixes that are not listed are taken as they come. */
const geographies: ReadonlyMap<string, RegExp> = new Map([
  ['us', /^(us-(?!gov-)|ca-)/],
  ['us-gov', /^us-gov-/],
  ['eu', /^eu-/],
  ['apac', /^ap-/],
  ['jp', /^ap-northeast-/],
  ['au', /^ap-southeast-/],
])

/** The model a request may use, or the exception AWS answers: unknown, withdrawn, not granted, or only through a profile. */
export function findModel(modelId: string, { models, region }: BedrockServerState): BedrockModel {
  const reference = readAlias(modelId, models) ?? readReference(modelId, region)
  const model = models.find(({ id }) => id === reference?.id)
  if (model === undefined || reference === undefined || !isReachable(reference, model, region)) throw unknownModel()
  checkAvailable(model)
  if (model.requiresInferenceProfile && reference.geography === undefined) throw profileNeeded(modelId)
  return model
}

/** An id or ARN the options list, or an id that a model has as it is, however it looks. */
function readAlias(modelId: string, models: readonly BedrockModel[]): ModelReference | undefined {
  const alias = models.find(({ aliases }) => aliases.includes(modelId))
  if (alias !== undefined) return { id: alias.id, geography: 'alias' }
  return models.some(({ id }) => id === modelId) ? { id: modelId, geography: undefined } : undefined
}

/** A bare id, an inference profile's id, or the ARN of a foundation model or a profile in this Region. */
function readReference(modelId: string, region: string): ModelReference | undefined {
  if (!modelId.startsWith('arn:')) return readProfile(modelId)
  const [, arnRegion, resource, id = ''] =
    /^arn:aws[a-z-]*:bedrock:([a-z0-9-]+):\d*:(foundation-model|inference-profile)\/(.+)$/.exec(modelId) ?? []
  if (arnRegion !== region) return undefined
  return resource === 'foundation-model' ? { id, geography: undefined } : readProfile(id)
}

/** Geographies are the part before the provider's name: `us.anthropic.…`. */
function readProfile(id: string): ModelReference {
  const [, geography, rest = id] = /^([a-z]+(?:-[a-z]+)?)\.([a-z0-9-]+\..+)$/.exec(id) ?? []
  return { id: rest, geography }
}

function isReachable({ geography }: ModelReference, model: BedrockModel, region: string): boolean {
  if (geography === undefined || geography === 'alias') return true
  return model.hasInferenceProfiles && (geographies.get(geography)?.test(region) ?? true)
}

function checkAvailable({ retired, access }: BedrockModel): void {
  if (retired === 'legacy') {
    throw new BedrockRequestError(
      'ResourceNotFoundException',
      'Access denied. This Model is marked by provider as Legacy and you have not been actively using the model in the last 30 days. Please upgrade to an active model on Amazon Bedrock',
    )
  }
  if (retired) {
    throw new BedrockRequestError(
      'ResourceNotFoundException',
      'This model version has reached the end of its life. Please refer to the AWS documentation for more details.',
    )
  }
  if (access === 'use-case-form') {
    throw new BedrockRequestError(
      'ResourceNotFoundException',
      'Model use case details have not been submitted for this account. Fill out the Anthropic use case details form before using the model. If you have already filled out the form, try again in 15 minutes.',
    )
  }
  if (access === 'not-granted') throw new BedrockRequestError('AccessDeniedException')
}

function unknownModel(): BedrockRequestError {
  return validationError('The provided model identifier is invalid.')
}

function profileNeeded(modelId: string): BedrockRequestError {
  return validationError(
    `Invocation of model ID ${modelId} with on-demand throughput isn’t supported. Retry your request with the ID or ARN of an inference profile that contains this model.`,
  )
}
