import { configJsonSchema } from '@duo-models/rules'
import type { CliCommand } from '../cli-command.js'
import { exitCode } from '../exit-code.js'

/** `duo-models schema`: the JSON Schema of the configuration, for editors and validators. */
export const schemaCommand: CliCommand = {
  define(command) {
    command.addHelpText(
      'after',
      `
Examples:
  duo-models schema > duo-models.schema.json
  # then, as the first line of duo-models.yaml:
  # yaml-language-server: $schema=./duo-models.schema.json
`,
    )
  },
  async run(_, terminal) {
    terminal.write(`${JSON.stringify(configJsonSchema, null, 2)}\n`)
    return exitCode.ok
  },
}
