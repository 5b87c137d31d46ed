import { SizingInputError } from '@duo-models/rules'
import { CliError } from '../cli-error.js'

/** Fields whose option has another name than the field in dashes. */
const optionOf: Readonly<Record<string, string>> = {
  maxModelLength: '--max-model-len',
  timeToFirstTokenMs: '--time-to-first-token-ms',
  features: '--feature',
}

/** Asks the rules; what they find wrong with the question is the user's mistake, and names the option. */
export function askRules<Answer>(question: () => Answer): Answer {
  try {
    return question()
  } catch (error) {
    if (!SizingInputError.is(error)) throw error
    throw new CliError(inOptions(error), { cause: error })
  }
}

function inOptions({ field, message, value }: SizingInputError): string {
  const option = optionOf[field] ?? `--${field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
  const rest = message.startsWith(field) ? message.slice(field.length) : ` ${message}`
  return value === undefined ? `${option} is missing${rest.replace(/^ is undefined/, '')}` : `${option}${rest}`
}
