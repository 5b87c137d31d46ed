import { parseConfigurationText } from '@duo-models/core/configuration-file'
import {
  type DeploymentPlan,
  type DuoModelsConfiguration,
  RenderError,
  type RenderFormat,
  type RenderOptions,
  renderDeployment,
  renderFormats,
} from '@duo-models/rules'
import { Option } from 'commander'
import { readText } from '../check/read-text.js'
import type { CliCommand } from '../cli-command.js'
import { CliError } from '../cli-error.js'
import { exitCode } from '../exit-code.js'
import { parseNumber } from '../parse-number.js'
import { parseWholeNumber } from '../parse-whole-number.js'
import { reasonOf } from '../reason-of.js'
import { writeFileAtomically } from '../write-file-atomically.js'

interface RenderCommandOptions
  extends Pick<
    RenderOptions,
    | 'deployment'
    | 'name'
    | 'namespace'
    | 'image'
    | 'port'
    | 'modelPath'
    | 'apiKeySecret'
    | 'huggingFaceTokenSecret'
    | 'distributed'
    | 'nodesPerReplica'
    | 'gitlabUrl'
  > {
  readonly format: RenderFormat
  readonly rank: number
  readonly output?: string
}

/** `duo-models render`: the files that put a plan or a configuration into operation. */
export const renderCommand: CliCommand = {
  define(command) {
    command
      .argument('<file>', 'a configuration in YAML or JSON, or plans of duo-models plan --json; - is standard input')
      .addOption(new Option('-f, --format <format>', 'what to write').choices(renderFormats).makeOptionMandatory())
      .option('--rank <number>', 'which of several plans', parseWholeNumber(1), 1)
      .option('--deployment <name>', 'the one deployment to render')
      .option('--name <name>', 'name of what is rendered')
      .option('--namespace <namespace>', 'Kubernetes namespace')
      .option('--image <image>', 'container image; the official one of the vLLM version by default')
      .option('--port <number>', 'port that vLLM listens on', parseNumber)
      .option('--model-path <folder>', 'folder with the weights, for a server that downloads none')
      .option('--api-key-secret <name>', 'Kubernetes Secret with the key that clients present')
      .option('--hugging-face-token-secret <name>', 'Kubernetes Secret with the Hugging Face token')
      .addOption(
        new Option('--distributed <way>', 'how one server runs over several machines').choices([
          'ray',
          'leader-worker-set',
          'kserve',
        ]),
      )
      .option('--nodes-per-replica <number>', 'machines that one server spans, for a configuration', parseNumber)
      .option('--gitlab-url <url>', 'address of the GitLab instance, for ai-gateway-env')
      .option('-o, --output <file>', 'write to a file')
      .allowExcessArguments(false)
      .addHelpText('after', examples)
  },
  async run(command, terminal) {
    const { format, rank, output, ...options } = command.opts<RenderCommandOptions>()
    const [path = '-'] = command.args
    const input = chooseInput(await readInput(path, terminal.io), rank)
    const text = render(input, format, options)
    if (output === undefined) terminal.write(text)
    else await writeFileAtomically(output, text)
    return exitCode.ok
  },
}

const examples = `
Examples:
  duo-models render duo-models.yaml --format vllm-serve
  duo-models render duo-models.yaml --format kubernetes --deployment code --namespace duo > code.yaml
  duo-models plan --model codestral-22b-v0.1 --users 100 --json | duo-models render - --format docker-compose
  duo-models render duo-models.yaml --format gitlab-form

Secrets are written by reference, never as values: references such as \${VLLM_API_KEY} stay as they are.
`

async function readInput(path: string, io: Parameters<typeof readText>[1]): Promise<unknown> {
  const text = await readText(path, io)
  const name = path === '-' ? 'standard input' : path
  try {
    // Plans are JSON and may be longer than any configuration.
    return text.trimStart().startsWith('{') || text.trimStart().startsWith('[')
      ? (JSON.parse(text) as unknown)
      : parseConfigurationText(text, { name, environment: false }).input
  } catch (error) {
    throw new CliError(`${name} cannot be read: ${reasonOf(error)}`, { cause: error })
  }
}

/** Of the output of `plan --json`, or of a list of plans, the one with that rank; anything else as it is. */
function chooseInput(input: unknown, rank: number): unknown {
  const plans = plansIn(input)
  if (plans === undefined) return input
  const plan = plans.find((entry) => rankOf(entry) === rank) ?? plans[rank - 1]
  if (plan !== undefined) return plan
  if (plans.length === 0)
    throw new CliError('The input holds no plan: duo-models plan found none. Run it without --json to see why.')
  throw new CliError(`There is no plan ${rank}: the input holds ${plans.length}. Choose --rank 1 to ${plans.length}.`)
}

function plansIn(input: unknown): readonly unknown[] | undefined {
  if (Array.isArray(input)) return input
  if (typeof input !== 'object' || input === null || !('plans' in input)) return undefined
  return Array.isArray(input.plans) ? input.plans : undefined
}

function rankOf(plan: unknown): unknown {
  return typeof plan === 'object' && plan !== null && 'rank' in plan ? plan.rank : undefined
}

function render(input: unknown, format: RenderFormat, options: RenderOptions): string {
  try {
    return renderDeployment(input as DeploymentPlan | DuoModelsConfiguration, format, options)
  } catch (error) {
    if (!RenderError.is(error)) throw error
    throw new CliError(error.message, { cause: error })
  }
}
