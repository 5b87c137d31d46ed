import { builtInLookup, type CatalogLookup } from './catalog-lookup.js'
import { customDeploymentSchema, type DeploymentSettings } from './configuration.js'
import type { ResolvedDeployment } from './resolved-configuration.js'
import { serverFactsOf } from './server-facts.js'

/** The keys every platform shares, or `undefined` where even these cannot be read. */
export function readSettings(raw: unknown): DeploymentSettings | undefined {
  const result = customDeploymentSchema.safeParse(raw)
  return result.success ? result.data : undefined
}

/** Fills in what a deployment leaves out: model, served name and endpoints. */
export function resolveDeployment(
  name: string,
  settings: DeploymentSettings,
  lookup: CatalogLookup = builtInLookup,
): ResolvedDeployment {
  const { platform, apiKey, endpoint } = settings
  const modelName = settings.model ?? settings.modelFamily ?? name
  const model = settings.model === undefined ? undefined : lookup.findModel(settings.model)
  const resolved: Mutable<Partial<ResolvedDeployment>> = { name, platform }
  if (model !== undefined) {
    resolved.modelId = model.id
    resolved.model = model
  }
  resolved.modelName = modelName
  resolved.servedModelName = servedNameOf(settings) ?? model?.huggingFaceId ?? modelName
  resolved.endpoints = endpoint === undefined ? noEndpoints : typeof endpoint === 'string' ? [endpoint] : endpoint
  if (apiKey !== undefined) resolved.apiKey = apiKey
  if (settings.server !== undefined) resolved.server = serverFactsOf(settings).settings
  resolved.settings = settings
  return resolved as ResolvedDeployment
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] }

const noEndpoints: readonly string[] = Object.freeze([])

function servedNameOf(settings: DeploymentSettings): string | undefined {
  const { platform } = settings
  if (platform !== 'bedrock' && platform !== 'azure-openai')
    return settings.servedModelName ?? nameFromArguments(settings)
  const name = platform === 'bedrock' ? settings['modelId'] : settings['deployment']
  return typeof name === 'string' ? name : undefined
}

function nameFromArguments(settings: DeploymentSettings): string | undefined {
  return serverFactsOf(settings).serveArguments?.options.get('served-model-name')?.[0]
}
