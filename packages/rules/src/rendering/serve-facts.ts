import { catalog } from '../catalog/catalog.js'
import type { ServeRecipe } from '../catalog/serving.js'
import { optionNameOf, type ServerFact } from '../server-facts.js'
import { isAtLeast } from './image.js'
import type { ServeOption } from './serve-option.js'

/** Facts about a server that become options of `vllm serve`. */
export type ServeFacts = Readonly<Partial<Record<ServerFact, string | number | undefined>>>

/** What the options of a server are made from. */
interface ServeSettings {
  /** What `vllm serve` loads. */
  readonly model: string
  /** Name the server answers to. */
  readonly servedModelName: string
  /** Facts that are stated. They count over everything else. */
  readonly facts: ServeFacts
  /** The documented recipe. */
  readonly recipe?: ServeRecipe | undefined
  /** Options that are stated as arguments. */
  readonly stated?: ReadonlyMap<string, readonly string[]> | undefined
  /** Version of vLLM. */
  readonly vllmVersion?: string | undefined
}

const order: readonly ServerFact[] = [
  'tensorParallelSize',
  'pipelineParallelSize',
  'maxModelLength',
  'maxNumSeqs',
  'maxNumBatchedTokens',
  'gpuMemoryUtilization',
  'dtype',
  'quantization',
  'kvCacheDtype',
]

/** The options of `vllm serve`: those that are stated, else those of the recipe, and every fact. */
export function serveOptions(settings: ServeSettings): readonly ServeOption[] {
  const { servedModelName, facts, stated, vllmVersion } = settings
  const options = new Map<string, readonly string[]>(stated ?? recipeOptions(settings))
  if (options.get('served-model-name')?.includes(servedModelName) !== true)
    options.set('served-model-name', [servedModelName])
  for (const fact of order) {
    const value = facts[fact]
    if (value !== undefined && isWorthSaying(fact, value)) options.set(optionNameOf(fact).slice(2), [String(value)])
  }
  if (logsRequests(options, vllmVersion)) options.set('disable-log-requests', [])
  return [...options].map(([name, values]) => ({ name, values }))
}

/** The recipe that the documentation has for serving this repository with vLLM. */
export function recipeFor(repository: string | undefined): ServeRecipe | undefined {
  if (repository === undefined) return undefined
  return catalog.servings.find(({ recipe }) => recipe?.huggingFaceId === repository)?.recipe
}

function recipeOptions({ recipe, model, servedModelName }: ServeSettings): [string, readonly string[]][] {
  const fillIn = (value: string) =>
    value
      .replace(/^<choose-a-name-for-the-model>$/, () => servedModelName)
      .replace(/^<path-to-model>\/.*$/, () => model)
  return (recipe?.options ?? [])
    .filter(({ value }) => value !== '<number-of-gpus>')
    .map(({ name, value }) => [name, [fillIn(value)]])
}

// One pipeline stage and an automatic cache format are what vLLM does anyway.
function isWorthSaying(fact: ServerFact, value: string | number): boolean {
  if (fact === 'pipelineParallelSize') return value !== 1
  return fact !== 'kvCacheDtype' || value !== 'auto'
}

// Up to 0.11 vLLM logs every request unless it is told not to; GitLab's page advises against it.
function logsRequests(options: ReadonlyMap<string, unknown>, version: string | undefined): boolean {
  if (options.has('disable-log-requests') || options.has('enable-log-requests')) return false
  return version !== undefined && !isAtLeast(version, '0.12.0')
}
