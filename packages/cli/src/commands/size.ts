import {
  estimateMemory,
  fittingChanges,
  largestConcurrency,
  largestContext,
  type MemoryInput,
  predictPerformance,
  readVllmStartupLog,
  type StartupLog,
  StartupLogError,
} from '@duo-models/rules'
import { readText } from '../check/read-text.js'
import type { CliCommand } from '../cli-command.js'
import { CliError } from '../cli-error.js'
import { exitCode } from '../exit-code.js'
import { parseNumber } from '../parse-number.js'
import { askRules } from '../sizing/ask-rules.js'
import { describeSize, type SizeAnswer } from '../sizing/describe-size.js'
import { readModel } from '../sizing/read-model.js'
import { defineServingOptions, readServingOptions, type ServingOptions } from '../sizing/serving-options.js'
import type { Terminal } from '../terminal.js'

interface SizeOptions extends ServingOptions {
  readonly gpu?: string
  readonly gpuTotalGib?: number
  readonly tensorParallelSize?: number
  readonly pipelineParallelSize?: number
  readonly enforceEager?: true
  readonly concurrency: number
  readonly promptTokens?: number
  readonly outputTokens?: number
  readonly log?: string
  readonly json?: true
}

/** `duo-models size`: what a model needs on a GPU, and how fast it will be. */
export const sizeCommand: CliCommand = {
  define(command) {
    defineServingOptions(command)
    command
      .option('-g, --gpu <gpu>', 'GPU of the catalog, such as a100-80gb')
      .option(
        '--gpu-total-gib <size>',
        'memory that the driver reports, for a GPU the catalog does not know',
        parseNumber,
      )
      .option('--tensor-parallel-size <number>', 'GPUs that every layer is split over', parseNumber)
      .option('--pipeline-parallel-size <number>', 'groups of GPUs that share the layers', parseNumber)
      .option('--enforce-eager', 'without CUDA graphs')
      .option('--concurrency <number>', 'requests at once, for the speed', parseNumber, 1)
      .option('--prompt-tokens <number>', 'mean tokens of a prompt, for the speed', parseNumber)
      .option('--output-tokens <number>', 'mean tokens of a response, for the speed', parseNumber)
      .option('--log <file>', 'what vLLM printed at start on this machine; - is standard input')
      .option('--json', 'print JSON')
      .allowExcessArguments(false)
      .addHelpText('after', examples)
  },
  async run(command, terminal) {
    const options = command.opts<SizeOptions>()
    const question = await readQuestion(options, terminal)
    const log = await readLog(options, question, terminal)
    const answer = sizeOf(log === undefined ? question : withLog(question, log), options, log)
    terminal.write(options.json === true ? `${JSON.stringify(answer, null, 2)}\n` : describeSize(answer, terminal))
    return answer.estimate.fits ? exitCode.ok : exitCode.no
  },
}

const examples = `
Examples:
  duo-models size --model codestral-22b-v0.1 --gpu a100-80gb --tensor-parallel-size 2
  duo-models size --config config.json --gpu l40s --max-model-len 16384 --kv-cache-dtype fp8
  duo-models size --model mistral-7b-it-v0.3 --gpu a100-40gb --concurrency 100 --json
  duo-models size --gpu a100-80gb --log startup.log

Memory follows vLLM's own arithmetic; speed is an estimate with an interval, unless it names a documented row.
Exit codes: 0 vLLM starts, 1 it does not, 2 wrong usage or a file that cannot be read.
`

async function readQuestion(options: SizeOptions, { io }: Terminal): Promise<MemoryInput> {
  if (options.config === '-' && options.log === '-')
    throw new CliError('--config and --log both read standard input. Put one of them into a file.')
  const model = await readModel(options, io)
  if (options.log === undefined) requireModelAndGpu(model, options)
  return {
    ...readServingOptions(options),
    ...model,
    gpu: options.gpu,
    gpuTotalGiB: options.gpuTotalGib,
    tensorParallelSize: options.tensorParallelSize,
    pipelineParallelSize: options.pipelineParallelSize,
    enforceEager: options.enforceEager,
  }
}

/** Names all that is missing at once: nothing of it can be guessed. */
function requireModelAndGpu({ model, architecture }: MemoryInput, { gpu, gpuTotalGib }: SizeOptions): void {
  const missing = [
    model === undefined && architecture === undefined ? '--model (or --config)' : undefined,
    gpu === undefined && gpuTotalGib === undefined ? '--gpu (or --gpu-total-gib)' : undefined,
  ].filter((option) => option !== undefined)
  if (missing.length > 0)
    throw new CliError(
      `Missing: ${missing.join(' and ')}. Try: duo-models size --model mistral-7b-it-v0.3 --gpu a100-40gb`,
    )
}

async function readLog(options: SizeOptions, known: MemoryInput, { io }: Terminal): Promise<StartupLog | undefined> {
  if (options.log === undefined) return undefined
  const text = await readText(options.log, io)
  try {
    return readVllmStartupLog(text, stated(known))
  } catch (error) {
    if (!StartupLogError.is(error)) throw error
    throw new CliError(`${options.log} cannot be used: ${error.message}`, { cause: error })
  }
}

/** The settings of the log, under those of the command line. */
function withLog(question: MemoryInput, log: StartupLog): MemoryInput {
  return { ...(log.settings as MemoryInput), ...stated(question), calibration: log.calibration }
}

function stated(question: MemoryInput): MemoryInput {
  return Object.fromEntries(Object.entries(question).filter(([, value]) => value !== undefined))
}

function sizeOf(question: MemoryInput, options: SizeOptions, log: StartupLog | undefined): SizeAnswer {
  return askRules(() => {
    const performance = question.gpu === undefined ? undefined : predictSpeed(question, options)
    return {
      name: question.architecture?.name ?? question.model ?? 'model',
      estimate: estimateMemory(question),
      largestContext: largestContext(question),
      largestConcurrency: largestConcurrency(question),
      changes: fittingChanges(question),
      ...(performance === undefined ? {} : { performance }),
      ...(log === undefined ? {} : { log }),
    }
  })
}

function predictSpeed(question: MemoryInput, { concurrency, promptTokens, outputTokens }: SizeOptions) {
  if (!estimateMemory(question).fits) return undefined
  return predictPerformance({ ...question, concurrency, promptTokens, outputTokens })
}
