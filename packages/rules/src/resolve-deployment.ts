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
  return {
    name,
    platform,
    ...(model === undefined ? {} : { modelId: model.id, model }),
    modelName,
    servedModelName: servedNameOf(settings) ?? model?.huggingFaceId ?? modelName,
    endpoints: endpoint === undefined ? [] : typeof endpoint === 'string' ? [endpoint] : endpoint,
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(settings.server === undefined ? {} : { server: serverFactsOf(settings).settings }),
    settings,
  }
}

function servedNameOf(settings: DeploymentSettings): string | undefined {
  const ownWord = { bedrock: 'modelId', 'azure-openai': 'deployment' }[settings.platform]
  const name = ownWord === undefined ? (settings.servedModelName ?? nameFromArguments(settings)) : settings[ownWord]
  return typeof name === 'string' ? name : undefined
}

function nameFromArguments(settings: DeploymentSettings): string | undefined {
  return serverFactsOf(settings).serveArguments?.options.get('served-model-name')?.[0]
}
