import { findModel } from '@duo-models/rules'
import type { CliCommand } from '../cli-command.js'
import { CliError } from '../cli-error.js'
import { exitCode } from '../exit-code.js'
import { describeModel } from '../explain/describe-model.js'
import { describeRule, similarRules } from '../explain/describe-rule.js'
import { formatSections } from '../explain/section.js'
import { printError } from '../print-error.js'

/** `duo-models explain`: everything about a rule, or about a model under any of its names. */
export const explainCommand: CliCommand = {
  define(command) {
    command
      .argument('<name...>', 'a rule, or a model: catalog id, documented name, Hugging Face id or Bedrock model id')
      .addHelpText('after', examples)
  },
  async run(command, terminal) {
    // Documented names have spaces: `explain Codestral 22B v0.1` needs no quotes.
    const name = command.args.join(' ').trim()
    if (name === '') throw new CliError('The name is empty. Try: duo-models explain endpoint-missing-v1')
    const found = findModel(name)
    const sections = describeRule(name) ?? (found.model && describeModel(found.model))
    if (sections !== undefined) {
      terminal.write(formatSections(sections, terminal))
      return exitCode.ok
    }
    const suggestions = [...similarRules(name), ...(found.suggestions ?? [])]
    const hint =
      suggestions.length === 0 ? 'duo-models models lists the models' : `Did you mean ${suggestions.join(', ')}?`
    printError(`${JSON.stringify(name)} is no rule and no model. ${hint}`, terminal)
    return exitCode.no
  },
}

const examples = `
Examples:
  duo-models explain endpoint-missing-v1
  duo-models explain codestral-22b-v0.1
  duo-models explain mistralai/Mixtral-8x7B-Instruct-v0.1
`
