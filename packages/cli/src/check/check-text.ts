import { DuoModelError } from '@duo-models/core'
import { parseConfigurationText } from '@duo-models/core/configuration-file'
import { checkConfig } from '@duo-models/rules'
import { CliError } from '../cli-error.js'
import type { CheckedText } from './checked-file.js'

/** How a text is checked. */
export interface CheckTextOptions {
  /** What the text is called in errors. */
  readonly name: string
  /** GitLab release to judge by. Default: what the configuration states, or else the newest known one. */
  readonly release?: string | undefined
}

/**
 * Checks YAML or JSON. References such as `${VLLM_API_KEY}` stay as they are written: checking needs no secret.
 * @throws CliError with line and column where the text is neither
 */
export function checkText(text: string, { name, release }: CheckTextOptions): CheckedText {
  const { input, source } = parse(text, name)
  return { report: checkConfig(input, { release, source }), source }
}

function parse(text: string, name: string) {
  try {
    return parseConfigurationText(text, { name, environment: false })
  } catch (error) {
    if (DuoModelError.is(error, 'configuration')) throw new CliError(error.message, { cause: error })
    throw error
  }
}
