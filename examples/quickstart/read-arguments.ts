import { exit } from 'node:process'
import { parseArgs } from 'node:util'

export const usage = `Usage: npm start -- [options]

Checks a configuration, streams a chat answer and completes code.
Without options it brings its own configuration and emulated servers: no GPU, no keys.

Options:
  --config <file>       your own duo-models.yaml
  --endpoint <url>      your own vLLM server, ending in /v1
  --model <id>          the model it serves, such as mistral-small-24b-instruct-2506 (with --endpoint)
  --served-name <name>  the name it answers to, if not the Hugging Face id (with --endpoint)
  --help                this text

The key of a server that asks for one is read from VLLM_API_KEY.

Examples:
  npm start
  npm start -- --config duo-models.yaml
  npm start -- --endpoint http://gpu-1:8000/v1 --model mistral-small-24b-instruct-2506`

export interface Arguments {
  readonly config?: string | undefined
  readonly endpoint?: string | undefined
  readonly model?: string | undefined
  readonly servedName?: string | undefined
  readonly help: boolean
}

/** Reads the command line; a mistake in it is explained, and the process ends with 2. */
export function readArguments(): Arguments {
  try {
    const { values } = parseArgs({
      options: {
        config: { type: 'string' },
        endpoint: { type: 'string' },
        model: { type: 'string' },
        'served-name': { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
    const { config, endpoint, model, help } = values
    const servedName = values['served-name']
    if (endpoint !== undefined && model === undefined) throw new TypeError("'--endpoint' needs '--model' beside it")
    if (endpoint === undefined && (model ?? servedName) !== undefined)
      throw new TypeError("'--model' and '--served-name' need '--endpoint' beside them")
    if (endpoint !== undefined && config !== undefined)
      throw new TypeError("'--endpoint' and '--config' exclude one another")
    return { config, endpoint, model, servedName, help: help ?? false }
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`)
    exit(2)
  }
}
