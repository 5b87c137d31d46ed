import { cloudServing } from '../engine/documented-serving.js'
import { RealTimeEngine } from '../engine/real-time-engine.js'
import { invalidOption } from '../invalid-option.js'
import { createRandom } from '../random.js'
import { listOf, readCommonOptions } from '../read-common-options.js'
import { UsageMetrics } from '../usage-metrics.js'
import { publicApiVersions } from './api-version.js'
import { azureModel, catalogModels } from './azure-model.js'
import type {
  AzureOpenAIEmulatorOptions,
  ContentFilterCategory,
  EmulatedAzureDeployment,
  EmulatedEntraToken,
} from './azure-openai-emulator-options.js'
import type { AzureDeployment, AzureOpenAIServerState } from './azure-openai-server-state.js'
import { contentFilterCategories } from './content-filter.js'
import { RateLimiter } from './rate-limiter.js'

/** Turns options into a server's state. Throws `EmulatorError` (`invalid-option`) for values that cannot be used. */
export function createAzureOpenAIState(options: AzureOpenAIEmulatorOptions): AzureOpenAIServerState {
  const { apiKeys, seed, speed } = readCommonOptions(options)
  const { contentFilter = 'default', innerErrorSpelling = 'wire', keyAuthentication = true } = options
  requireWord('contentFilter', contentFilter, ['default', 'asynchronous', 'unavailable', 'off'])
  requireWord('innerErrorSpelling', innerErrorSpelling, ['wire', 'specification', 'none'])
  return {
    deployments: readDeployments(options),
    apiVersions: readApiVersions(options),
    apiKeys,
    entraTokens: readEntraTokens(options),
    keyAuthentication,
    contentFilter,
    filteredWords: readFilteredWords(options),
    innerErrorSpelling,
    seed,
    respond: options.respond,
    engine: new RealTimeEngine(cloudServing(), speed),
    metrics: new UsageMetrics(),
    ids: createRandom('ids', seed),
    startedAtSeconds: Math.floor(Date.now() / 1000),
  }
}

function requireWord(option: string, value: string, allowed: readonly string[]): void {
  if (!allowed.includes(value)) throw invalidOption(option, value, `one of ${allowed.join(', ')}`)
}

function readDeployments({ model, deployments }: AzureOpenAIEmulatorOptions): ReadonlyMap<string, AzureDeployment> {
  const named = Object.entries(deployments ?? {})
  const ofModel = model === undefined ? [] : [model]
  const unnamed = model === undefined && deployments === undefined ? catalogModels : ofModel
  const all = [...unnamed.map((name) => [name, { model: name }] as const), ...named]
  if (all.length === 0) throw invalidOption('deployments', {}, 'an object with at least one deployment')
  return new Map(all.map(([name, deployment]) => [name, readDeployment(name, deployment)]))
}

function readDeployment(name: string, deployment: EmulatedAzureDeployment): AzureDeployment {
  const path = `deployments[${JSON.stringify(name)}]`
  if (name === '' || typeof deployment.model !== 'string' || deployment.model === '')
    throw invalidOption(`${path}.model`, deployment.model, 'the name of a model, such as gpt-4o')
  const { requestsPerMinute, tokensPerMinute, contextWindow, modelVersion, provisioned = false } = deployment
  const known = azureModel(deployment.model)
  for (const [key, value] of Object.entries({ requestsPerMinute, tokensPerMinute, contextWindow })) {
    if (value === undefined || (Number.isSafeInteger(value) && value >= 1)) continue
    throw invalidOption(`${path}.${key}`, value, 'a whole number, 1 or more')
  }
  return {
    ...known,
    name,
    model: deployment.model,
    version: modelVersion ?? known.version,
    contextWindow: contextWindow ?? known.contextWindow,
    provisioned,
    limiter: new RateLimiter({ requestsPerMinute, tokensPerMinute }),
  }
}

function readApiVersions({ apiVersions = publicApiVersions }: AzureOpenAIEmulatorOptions): ReadonlySet<string> {
  const wrong = apiVersions.find((version) => !/^\d{4}-\d\d-\d\d(-preview)?$/.test(version))
  if (wrong !== undefined) throw invalidOption('apiVersions', wrong, 'a list of versions such as 2024-10-21')
  return new Set(apiVersions)
}

/** Messages never repeat a token: it may be a real one. */
function readEntraTokens({ entraToken = [] }: AzureOpenAIEmulatorOptions): readonly EmulatedEntraToken[] {
  const tokens = listOf<string | EmulatedEntraToken>(entraToken)
  return tokens.map((entry) => {
    const token = typeof entry === 'string' ? { token: entry } : entry
    if (typeof token.token !== 'string' || token.token === '')
      throw invalidOption('entraToken', '', 'a token, or tokens, of at least one character')
    requireWord('entraToken.state', token.state ?? 'valid', ['valid', 'expired', 'wrong-audience', 'no-role'])
    return token
  })
}

function readFilteredWords({
  filteredWords = {},
}: AzureOpenAIEmulatorOptions): ReadonlyMap<ContentFilterCategory, readonly string[]> {
  const entries = Object.entries(filteredWords).map(([category, words]) => {
    const known = contentFilterCategories.find((name) => name === category)
    if (known === undefined)
      throw invalidOption(
        `filteredWords[${JSON.stringify(category)}]`,
        category,
        `one of ${contentFilterCategories.join(', ')}`,
      )
    if (!Array.isArray(words) || !words.every((word) => typeof word === 'string' && word !== ''))
      throw invalidOption(`filteredWords.${category}`, words, 'a list of words')
    return [known, words.map((word) => word.toLowerCase())] as const
  })
  return new Map(entries)
}
