import type { AdapterContext, AdapterTarget } from '../adapter.js'
import { ConfigurationError } from '../errors/configuration-error.js'
import { asString, isJsonObject } from '../openai-format/json.js'
import { findApiKeyProblem, readEndpointUrl } from '../transport/endpoint-url.js'
import { createRedact } from '../transport/redact.js'
import { findTlsProblem, type TlsSettings } from '../transport/tls-settings.js'
import { type BedrockModel, describeBedrockModel } from './bedrock-model.js'

/** Which operations of Bedrock Runtime are called: Converse and ConverseStream, or InvokeModel and its stream. */
export type BedrockApi = 'converse' | 'invoke-model'

/** Where credentials come from, in the words of the configuration. */
type BedrockCredentialSource = 'environment' | 'instance-role' | 'irsa' | 'bearer'

/** The guardrail every request passes through, in Bedrock's own words. */
export interface BedrockGuardrail {
  readonly guardrailIdentifier: string
  readonly guardrailVersion: string
  readonly trace?: string
  /** For streams. */
  readonly streamProcessingMode?: string
}

/** What the adapter needs of a target, checked. */
export interface BedrockOptions {
  readonly deployment: string
  /** The model's id in the catalog. */
  readonly model: string
  /** Model id, inference profile id or ARN. */
  readonly modelId: string
  /** Left out, the AWS SDK looks for it in the environment and in the configuration files. */
  readonly region?: string
  /** A VPC endpoint, or a server for tests. */
  readonly endpoint?: URL
  /** A Bedrock API key. */
  readonly apiKey?: string
  readonly credentialSource?: BedrockCredentialSource
  readonly profile?: string
  readonly useFipsEndpoint?: boolean
  readonly useDualstackEndpoint?: boolean
  readonly api: BedrockApi
  readonly guardrail?: BedrockGuardrail
  readonly tls?: TlsSettings | undefined
}

/** Stops with an error about the deployment; the text is the end of a sentence. */
export type Refuse = (problem: string) => never

/** Makes the function that refuses a target. */
export function createRefuse({ deployment, apiKey }: Pick<AdapterTarget, 'deployment' | 'apiKey'>): Refuse {
  const redact = createRedact([apiKey])
  return (problem) => {
    const message = redact(`The deployment '${deployment}' ${problem}`)
    throw new ConfigurationError({ message, deployment, platform: 'bedrock' })
  }
}

/**
 * Checks a target.
 * @throws ConfigurationError that names the deployment, what is wrong and what it must be.
 */
export function readBedrockOptions(target: AdapterTarget, { tls }: AdapterContext): BedrockOptions {
  const { deployment, model, settings } = target
  const refuse = createRefuse(target)
  const apiKey = target.apiKey === '' ? undefined : target.apiKey
  const problem = (apiKey === undefined ? undefined : findApiKeyProblem(apiKey)) ?? (tls && findTlsProblem(tls))
  if (problem !== undefined) refuse(problem)
  const endpoint = readEndpoint(target.endpoint, refuse)
  const region = readRegion(settings, refuse)
  const credentialSource = readWord(settings, 'credentials', credentialSources, refuse)
  const profile = readText(settings, 'profile', refuse)
  const guardrail = readGuardrail(settings, refuse)
  const useFipsEndpoint = readSwitch(settings, 'useFipsEndpoint', refuse)
  const useDualstackEndpoint = readSwitch(settings, 'useDualstackEndpoint', refuse)
  const modelId = readModelId(target, refuse)
  return {
    deployment,
    model,
    modelId,
    api: readApi(settings, describeBedrockModel(modelId, model), refuse),
    tls,
    ...(apiKey !== undefined && { apiKey }),
    ...(endpoint && { endpoint }),
    ...(region !== undefined && { region }),
    ...(credentialSource && { credentialSource }),
    ...(profile !== undefined && { profile }),
    ...(guardrail && { guardrail }),
    ...(useFipsEndpoint !== undefined && { useFipsEndpoint }),
    ...(useDualstackEndpoint !== undefined && { useDualstackEndpoint }),
  }
}

type Settings = AdapterTarget['settings']

const apis: readonly BedrockApi[] = ['converse', 'invoke-model']
const credentialSources: readonly BedrockCredentialSource[] = ['environment', 'instance-role', 'irsa', 'bearer']
const exampleEndpoint = 'https://vpce-0123-abcd.bedrock-runtime.us-east-1.vpce.amazonaws.com'

function readEndpoint(endpoint: string | undefined, refuse: Refuse): URL | undefined {
  if (endpoint === undefined || endpoint.trim() === '') return undefined
  const url = readEndpointUrl(endpoint, exampleEndpoint)
  if (typeof url === 'string') return refuse(url)
  const route = /\/model(\/.*)?$/.exec(url.pathname)
  if (route)
    refuse(`has an endpoint with the path of one route. Write ${url.origin}${url.pathname.slice(0, route.index)}.`)
  return url
}

function readModelId({ servedModelName, settings }: AdapterTarget, refuse: Refuse): string {
  const modelId = (asString(settings['modelId']) ?? servedModelName).trim()
  if (modelId === '') refuse("needs 'modelId', such as us.anthropic.claude-3-7-sonnet-20250219-v1:0.")
  const prefix = /^(?:bedrock\/)?(?:converse\/|invoke\/)?/.exec(modelId)?.[0] ?? ''
  if (prefix !== '')
    refuse(
      `has the modelId '${modelId}', which begins with '${prefix}', a prefix of GitLab's model identifiers. Write '${modelId.slice(prefix.length)}'.`,
    )
  return modelId
}

/** A Region becomes part of a host name, and must not turn it into another one. */
function readRegion(settings: Settings, refuse: Refuse): string | undefined {
  const region = readText(settings, 'region', refuse)?.trim()
  if (region !== undefined && !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(region))
    refuse(`has the region '${region}', which cannot be one. Write it like us-east-1.`)
  return region
}

function readApi(settings: Settings, { nativeFormat }: BedrockModel, refuse: Refuse): BedrockApi {
  const api = readWord(settings, 'api', apis, refuse) ?? 'converse'
  if (api === 'invoke-model' && nativeFormat === undefined)
    refuse("has the api 'invoke-model', which is for Claude, Mistral 7B and Mixtral 8x7B. Use 'converse'.")
  return api
}

function readGuardrail(settings: Settings, refuse: Refuse): BedrockGuardrail | undefined {
  const { guardrail } = settings
  if (guardrail === undefined) return undefined
  if (!isJsonObject(guardrail)) return refuse("has a 'guardrail' that is no object.")
  const guardrailIdentifier = readText(guardrail, 'guardrailIdentifier', refuse)
  if (guardrailIdentifier === undefined)
    return refuse("has a 'guardrail' without 'guardrailIdentifier', its id or ARN.")
  const trace = readText(guardrail, 'trace', refuse)
  const streamProcessingMode = readText(guardrail, 'streamProcessingMode', refuse)
  return {
    guardrailIdentifier,
    guardrailVersion: readText(guardrail, 'guardrailVersion', refuse) ?? 'DRAFT',
    ...(trace !== undefined && { trace }),
    ...(streamProcessingMode !== undefined && { streamProcessingMode }),
  }
}

function readText(settings: Settings, name: string, refuse: Refuse): string | undefined {
  const value = settings[name]
  if (value === undefined || value === '') return undefined
  return typeof value === 'string' ? value : refuse(`has a '${name}' that is no text.`)
}

function readSwitch(settings: Settings, name: string, refuse: Refuse): boolean | undefined {
  const value = settings[name]
  return value === undefined || typeof value === 'boolean'
    ? value
    : refuse(`has a '${name}' that is not true or false.`)
}

function readWord<Word extends string>(
  settings: Settings,
  name: string,
  words: readonly Word[],
  refuse: Refuse,
): Word | undefined {
  const value = settings[name]
  if (value === undefined) return undefined
  return words.find((word) => word === value) ?? refuse(`has a '${name}' that is none of ${words.join(', ')}.`)
}
