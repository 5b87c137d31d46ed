import { type Emulator, EmulatorError, type EmulatorOptions, startEmulator } from '@duo-models/emulator'
import { InvalidArgumentError } from 'commander'
import type { CliCommand } from '../cli-command.js'
import { CliError } from '../cli-error.js'
import { azureOpenAI } from '../emulate/azure-openai.js'
import { bedrock } from '../emulate/bedrock.js'
import type { EmulatedPlatform, Emulation } from '../emulate/emulated-platform.js'
import { vllm } from '../emulate/vllm.js'
import { exitCode } from '../exit-code.js'
import { parseWholeNumber } from '../parse-whole-number.js'
import type { Terminal } from '../terminal.js'
import { escapeControlCharacters } from '../text/escape-control-characters.js'

interface EmulateOptions {
  readonly platform: string
  readonly port: number
  readonly model?: string
  readonly region?: string
  readonly speed: number
  readonly apiKeyFromEnv?: string
}

const platforms: readonly EmulatedPlatform[] = [vllm, bedrock, azureOpenAI]

/** `duo-models emulate`: a model server on this machine, until it is interrupted. */
export const emulateCommand: CliCommand = {
  define(command) {
    command
      .option('--platform <platform>', `protocol to speak: ${platformNames()}`, vllm.platform)
      .option('--port <number>', 'port to listen on; 0 takes a free one', parseWholeNumber(0, 65_535), 8000)
      .option(
        '--model <model>',
        'model that is pretended to run: its catalog id, or its id on the platform (default: mistral-7b-it-v0.3 with vllm, else all of the catalog)',
      )
      .option('--region <region>', 'AWS Region, for bedrock (default: us-east-1)')
      .option('--speed <factor>', '1 is the pace of a documented machine, 10 ten times that, 0 no delay', parseSpeed, 1)
      .option('--api-key-from-env <name>', 'demand the key in this environment variable')
      .addHelpText('after', examples)
      .allowExcessArguments(false)
  },
  async run(command, terminal) {
    const { platform, port, speed, apiKeyFromEnv, model, region } = command.opts<EmulateOptions>()
    const emulated = findPlatform(platform)
    if (region !== undefined && emulated !== bedrock)
      throw new CliError(`--region is for --platform ${bedrock.platform}; ${platform} has no Regions. Leave it out.`)
    const emulation = emulated.plan({ model, region })
    const apiKey = readKey(apiKeyFromEnv, terminal)
    await using emulator = await start({ ...emulation.options, port, speed, apiKey })
    terminal.write(greeting(emulator, emulation, apiKeyFromEnv))
    await untilStopped(terminal)
    terminal.write('Stopped.\n')
    return exitCode.ok
  },
}

const examples = `
Examples:
  duo-models emulate
  duo-models emulate --model codestral-22b-v0.1 --speed 0 --port 0
  duo-models emulate --platform bedrock --region eu-west-1
  duo-models emulate --platform azure-openai --model gpt-4o
  VLLM_API_KEY=secret duo-models emulate --api-key-from-env VLLM_API_KEY

It listens on 127.0.0.1 only. There is no model behind it: answers are made up.
`

function platformNames(): string {
  return platforms.map(({ platform }) => platform).join(', ')
}

function findPlatform(name: string): EmulatedPlatform {
  const found = platforms.find(({ platform }) => platform === name)
  if (found !== undefined) return found
  throw new CliError(`There is no emulator for platform ${JSON.stringify(name)}. Use one of ${platformNames()}.`)
}

function parseSpeed(text: string): number {
  const speed = text.trim() === '' ? Number.NaN : Number(text)
  if (speed >= 0) return speed
  throw new InvalidArgumentError('It is no number of at least 0.')
}

function readKey(name: string | undefined, terminal: Terminal): string | undefined {
  if (name === undefined) return undefined
  const key = terminal.io.env[name]
  if (key === undefined || key === '')
    throw new CliError(
      `The environment variable ${name} is ${key === '' ? 'empty' : 'not set'}. Set it to the key to demand.`,
    )
  return key
}

async function start(options: EmulatorOptions): Promise<Emulator> {
  try {
    return await startEmulator(options)
  } catch (error) {
    if (!EmulatorError.is(error)) throw error
    const remedy = error.code === 'address-unavailable' ? ' Choose another --port; 0 takes a free one.' : ''
    throw new CliError(error.message + remedy, { cause: error })
  }
}

function greeting({ baseUrl }: Emulator, { options, what, instructions }: Emulation, key: string | undefined): string {
  const lines = [
    `${options.platform} emulator at ${baseUrl}, ${what}. Ctrl-C ends it.`,
    '',
    ...instructions(baseUrl, key),
    '',
    '',
  ]
  return escapeControlCharacters(lines.join('\n'))
}

async function untilStopped({ io, outputClosed }: Terminal): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    if (outputClosed.aborted) resolve()
    else outputClosed.addEventListener('abort', () => resolve(), { once: true })
  })
  await Promise.race([closed, io.untilInterrupted?.() ?? closed])
}
