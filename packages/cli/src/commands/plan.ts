import { type DeploymentPlanning, explainPlans, type FeatureId, type PlanInput } from '@duo-models/rules'
import { InvalidArgumentError, Option } from 'commander'
import type { CliCommand } from '../cli-command.js'
import { CliError } from '../cli-error.js'
import { exitCode } from '../exit-code.js'
import { parseNumber } from '../parse-number.js'
import { parseRelease } from '../parse-release.js'
import { askRules } from '../sizing/ask-rules.js'
import { describePlans, describeRejections } from '../sizing/describe-plans.js'
import { readModel } from '../sizing/read-model.js'
import { defineServingOptions, readServingOptions, type ServingOptions } from '../sizing/serving-options.js'
import type { Terminal } from '../terminal.js'

interface PlanOptions extends ServingOptions, Omit<PlanInput, keyof ServingOptions | 'features' | 'pricePerGpuHour'> {
  readonly feature?: readonly string[]
  readonly price?: Readonly<Record<string, number>>
  readonly json?: true
}

/** `duo-models plan`: which hardware serves a model for a workload, cheapest first. */
export const planCommand: CliCommand = {
  define(command) {
    defineServingOptions(command)
    command
      .option('--feature <feature...>', 'instead of a model: features that one model has to serve')
      .addOption(new Option('--at-least <level>', 'least level of each feature').choices(['full', 'partial', 'yes']))
      .option('-r, --release <version>', 'GitLab release; the newest the catalog has by default', parseRelease)
      .option('-u, --users <number>', 'people who use it', parseNumber)
      .option('--requests-per-user-per-hour <number>', 'requests of one of them in a busy hour', parseNumber)
      .option('--requests-per-second <rate>', 'requests that arrive per second', parseNumber)
      .option('--concurrency <number>', 'requests sent at once, instead of a rate', parseNumber)
      .option('--prompt-tokens <number>', 'mean tokens of a prompt', parseNumber)
      .option('--output-tokens <number>', 'mean tokens of a response', parseNumber)
      .option('--time-to-first-token-ms <ms>', 'most milliseconds to the first token', parseNumber)
      .option('--inter-token-latency-ms <ms>', 'most milliseconds from one token to the next', parseNumber)
      .option('-g, --gpu <gpu...>', 'GPUs that may be used; every one of the catalog by default')
      .option('--gpu-count <number>', 'GPUs that there are in all', parseNumber)
      .option('--gpus-per-node <number>', 'GPUs of one machine, where no machine is named', parseNumber)
      .option('--machine <machine...>', 'cloud machines that may be used')
      .addOption(new Option('--cloud <cloud>', 'machines of this cloud').choices(['gcp', 'aws', 'azure']))
      .option('--max-nodes-per-replica <number>', 'machines that one copy may span', parseNumber)
      .option('--price <gpu=price...>', 'price of a GPU for an hour, to order by', parsePrice)
      .option('--allow-below-documented-minimum', 'also plans that GitLab documents as too small')
      .option('--limit <number>', 'most plans', parseNumber)
      .option('--json', 'print JSON, which duo-models render takes')
      .allowExcessArguments(false)
      .addHelpText('after', examples)
  },
  async run(command, terminal) {
    const options = command.opts<PlanOptions>()
    const input = await readInput(options, terminal)
    const planning = askRules(() => explainPlans(input))
    terminal.write(options.json === true ? `${JSON.stringify(planning, null, 2)}\n` : describe(planning, terminal))
    return planning.plans.length > 0 ? exitCode.ok : exitCode.no
  },
}

const examples = `
Examples:
  duo-models plan --model codestral-22b-v0.1 --users 500 --time-to-first-token-ms 500
  duo-models plan --model mixtral-8x7b-it-v0.1 --requests-per-second 5 --cloud gcp
  duo-models plan --feature code-completion code-generation --users 200 --gpu a100-80gb --gpu-count 4
  duo-models plan --model codestral-22b-v0.1 --users 100 --json | duo-models render - --format kubernetes

Exit codes: 0 there is a plan, 1 there is none, 2 wrong usage or a file that cannot be read.
`

async function readInput(options: PlanOptions, { io }: Terminal): Promise<PlanInput> {
  requireQuestion(options)
  const { feature, price } = options
  const features = feature as readonly FeatureId[] | undefined
  return {
    ...pick(options, questionFields),
    ...readServingOptions(options),
    ...(await readModel(options, io)),
    features,
    pricePerGpuHour: price,
  }
}

const questionFields = [
  'atLeast',
  'release',
  'users',
  'requestsPerUserPerHour',
  'requestsPerSecond',
  'concurrency',
  'promptTokens',
  'outputTokens',
  'timeToFirstTokenMs',
  'interTokenLatencyMs',
  'gpu',
  'gpuCount',
  'gpusPerNode',
  'machine',
  'cloud',
  'maxNodesPerReplica',
  'allowBelowDocumentedMinimum',
  'limit',
] as const satisfies readonly (keyof PlanInput)[]

function pick<Key extends keyof PlanOptions>(options: PlanOptions, fields: readonly Key[]): Pick<PlanOptions, Key> {
  return Object.fromEntries(fields.map((field) => [field, options[field]])) as Pick<PlanOptions, Key>
}

/** Names all that is missing at once: nothing of it can be guessed. */
function requireQuestion({ model, config, feature, users, requestsPerSecond, concurrency }: PlanOptions): void {
  const missing = [
    (model ?? config ?? feature) === undefined ? '--model (or --config, or --feature)' : undefined,
    (users ?? requestsPerSecond ?? concurrency) === undefined
      ? '--users (or --requests-per-second, or --concurrency)'
      : undefined,
  ].filter((option) => option !== undefined)
  if (missing.length > 0)
    throw new CliError(`Missing: ${missing.join(' and ')}. Try: duo-models plan --model codestral-22b-v0.1 --users 100`)
}

function describe(planning: DeploymentPlanning, terminal: Terminal): string {
  const { plans } = planning
  return plans.length > 0 ? describePlans(plans, terminal) : describeRejections(planning, terminal)
}

function parsePrice(text: string, before: Readonly<Record<string, number>> = {}): Record<string, number> {
  const [, gpu, price] = /^([^=]+)=(\d+(?:\.\d+)?)$/.exec(text) ?? []
  if (gpu === undefined) throw new InvalidArgumentError('It is not of the form a100-80gb=3.5.')
  return { ...before, [gpu]: Number(price) }
}
