import type { DeploymentSettings, ServerSettings } from './configuration.js'
import { parseServeArguments, type ServeArguments } from './serve-arguments.js'

/** Facts about a server that its command line can state too. */
export type ServerFact = Exclude<keyof ServerSettings, 'version' | 'serveArgs'>

/** What is known about a deployment's server, from its fields and from its `vllm serve` arguments. */
export interface ServerFacts {
  /** The facts; what a field states counts over what the arguments state. */
  readonly settings: ServerSettings
  /** The arguments, when they are stated. */
  readonly serveArguments?: ServeArguments | undefined
  /** What the arguments alone say. */
  readonly fromArguments: Readonly<Partial<Record<ServerFact, string | number>>>
  /** Options whose value cannot be, in words that hold no value. */
  readonly problems: readonly string[]
}

const noProblems: readonly string[] = Object.freeze([])
const nothing: ServerFacts = Object.freeze({
  settings: Object.freeze({}),
  fromArguments: Object.freeze({}),
  problems: noProblems,
})
const remembered = new WeakMap<ServerSettings, ServerFacts>()

/** The facts of a deployment's server; the arguments are parsed once. */
export function serverFactsOf({ server }: DeploymentSettings): ServerFacts {
  if (server === undefined) return nothing
  if (server.serveArgs === undefined)
    return { settings: server, fromArguments: nothing.fromArguments, problems: noProblems }
  let facts = remembered.get(server)
  if (facts === undefined) {
    facts = readServeArgs(server, server.serveArgs)
    remembered.set(server, facts)
  }
  return facts
}

/** Pointer, relative to the deployment, to where a fact is stated. */
export function pathOfFact({ server }: DeploymentSettings, fact: ServerFact): string {
  return server?.[fact] === undefined ? '/server/serveArgs' : `/server/${fact}`
}

const optionOfFact: Readonly<Record<ServerFact, string>> = {
  tensorParallelSize: 'tensor-parallel-size',
  pipelineParallelSize: 'pipeline-parallel-size',
  maxModelLength: 'max-model-len',
  gpuMemoryUtilization: 'gpu-memory-utilization',
  maxNumSeqs: 'max-num-seqs',
  maxNumBatchedTokens: 'max-num-batched-tokens',
  dtype: 'dtype',
  quantization: 'quantization',
  kvCacheDtype: 'kv-cache-dtype',
}

const optionsOfFacts = Object.entries(optionOfFact) as readonly [ServerFact, string][]

/** The option of `vllm serve` that states a fact, with its dashes. */
export function optionNameOf(fact: ServerFact): string {
  return `--${optionOfFact[fact]}`
}

function readServeArgs(server: ServerSettings, written: string | readonly string[]): ServerFacts {
  const serveArguments = parseServeArguments(written)
  const problems = [...serveArguments.problems]
  const fromArguments: Partial<Record<ServerFact, string | number>> = {}
  const settings: Record<string, unknown> = {}
  for (const [fact, option] of optionsOfFacts) {
    const values = serveArguments.options.get(option)
    if (values === undefined) continue
    const value = factValue(fact, values[0])
    if (value === undefined) problems.push(`${optionNameOf(fact)} needs ${expected(fact)}.`)
    else if (value !== automatic) {
      fromArguments[fact] = value
      settings[fact] = value
    }
  }
  for (const [key, value] of Object.entries(server)) if (value !== undefined) settings[key] = value
  return { settings, serveArguments, fromArguments, problems }
}

const automatic = 'auto'
const texts: readonly ServerFact[] = ['dtype', 'quantization', 'kvCacheDtype']

function factValue(fact: ServerFact, written: string | undefined): string | number | undefined {
  if (written === undefined || written === '') return undefined
  if (texts.includes(fact)) return written
  if (fact === 'maxModelLength' && (written === automatic || written === '-1')) return automatic
  const number = fact === 'gpuMemoryUtilization' ? Number(written) : wholeNumber(written)
  const most = fact === 'gpuMemoryUtilization' ? 1 : Number.MAX_SAFE_INTEGER
  return number !== undefined && number > 0 && number <= most ? number : undefined
}

const binaryUnits: Readonly<Record<string, number>> = { K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 }
const decimalUnits: Readonly<Record<string, number>> = { k: 1e3, m: 1e6, g: 1e9, t: 1e12 }

// vLLM reads 32k as 32,000 and 32K as 32,768; only the decimal units take a fraction.
function wholeNumber(written: string): number | undefined {
  const match = /^(\d{1,15}(?:\.\d{1,6})?)([kmgtKMGT]?)$/.exec(written)
  if (match === null) return undefined
  const unit = match[2] ?? ''
  const number = Number(match[1]) * (binaryUnits[unit] ?? decimalUnits[unit] ?? 1)
  return Number.isSafeInteger(Math.round(number)) && Number.isInteger(number) ? number : undefined
}

function expected(fact: ServerFact): string {
  if (texts.includes(fact)) return 'a value'
  return fact === 'gpuMemoryUtilization' ? 'a number above 0 and up to 1' : 'a whole number above 0'
}
