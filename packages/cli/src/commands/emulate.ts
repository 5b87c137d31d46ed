import { type Emulator, EmulatorError, type EmulatorPlatform, startEmulator } from '@duo-models/emulator'
import { findModel } from '@duo-models/rules'
import { InvalidArgumentError } from 'commander'
import type { CliCommand } from '../cli-command.js'
import { CliError } from '../cli-error.js'
import { exitCode } from '../exit-code.js'
import { parseWholeNumber } from '../parse-whole-number.js'
import type { Terminal } from '../terminal.js'
import { escapeControlCharacters } from '../text/escape-control-characters.js'

interface EmulateOptions {
  readonly platform: string
  readonly port: number
  readonly model: string
  readonly speed: number
  readonly apiKeyFromEnv?: string
}

/** `duo-models emulate`: a model server on this machine, until it is interrupted. */
export const emulateCommand: CliCommand = {
  define(command) {
    command
      .option('--platform <platform>', 'protocol to speak', 'vllm')
      .option('--port <number>', 'port to listen on; 0 takes a free one', parseWholeNumber(0, 65_535), 8000)
      .option(
        '--model <model>',
        'catalog id or Hugging Face id of the model that is pretended to run',
        'mistral-7b-it-v0.3',
      )
      .option('--speed <factor>', '1 is the pace of a documented machine, 10 ten times that, 0 no delay', parseSpeed, 1)
      .option('--api-key-from-env <name>', 'demand the key in this environment variable')
      .addHelpText('after', examples)
      .allowExcessArguments(false)
  },
  async run(command, terminal) {
    const options = command.opts<EmulateOptions>()
    const model = findModel(options.model).model?.huggingFaceId ?? options.model
    const apiKey = readKey(options.apiKeyFromEnv, terminal)
    await using emulator = await start({ ...options, model }, apiKey)
    terminal.write(greeting(emulator, model, options))
    await untilStopped(terminal)
    terminal.write('Stopped.\n')
    return exitCode.ok
  },
}

const examples = `
Examples:
  duo-models emulate
  duo-models emulate --model codestral-22b-v0.1 --speed 0 --port 0
  VLLM_API_KEY=secret duo-models emulate --api-key-from-env VLLM_API_KEY

It listens on 127.0.0.1 only. There is no model behind it: answers are made up.
`

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

async function start({ platform, port, model, speed }: EmulateOptions, apiKey: string | undefined): Promise<Emulator> {
  try {
    return await startEmulator({ platform: platform as EmulatorPlatform, port, model, speed, apiKey })
  } catch (error) {
    if (!EmulatorError.is(error)) throw error
    const remedy = error.code === 'address-unavailable' ? ' Choose another --port; 0 takes a free one.' : ''
    throw new CliError(error.message + remedy, { cause: error })
  }
}

function greeting({ baseUrl }: Emulator, model: string, { platform, apiKeyFromEnv }: EmulateOptions): string {
  const body = JSON.stringify({ model, stream: true, messages: [{ role: 'user', content: 'Hello' }] })
  const key = apiKeyFromEnv === undefined ? '' : ` -H "Authorization: Bearer $${apiKeyFromEnv}"`
  return escapeControlCharacters(`${platform} emulator at ${baseUrl}, model ${model}. Ctrl-C ends it.

Try it:
  curl -N ${baseUrl}/chat/completions -H 'Content-Type: application/json'${key} -d '${body.replaceAll("'", "'\\''")}'

`)
}

async function untilStopped({ io, outputClosed }: Terminal): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    if (outputClosed.aborted) resolve()
    else outputClosed.addEventListener('abort', () => resolve(), { once: true })
  })
  await Promise.race([closed, io.untilInterrupted?.() ?? closed])
}
