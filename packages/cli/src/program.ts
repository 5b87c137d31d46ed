import { Command } from 'commander'
import packageJson from '../package.json' with { type: 'json' }
import type { CliCommand } from './cli-command.js'
import { type ExitCode, exitCode } from './exit-code.js'
import type { Terminal } from './terminal.js'

interface CommandEntry {
  readonly summary: string
  readonly load: () => Promise<CliCommand>
}

const commands: Readonly<Record<string, CommandEntry>> = {
  check: {
    summary: 'check configuration files against the documentation',
    load: async () => (await import('./commands/check.js')).checkCommand,
  },
  models: {
    summary: 'list the models, and how well each does what',
    load: async () => (await import('./commands/models.js')).modelsCommand,
  },
  explain: {
    summary: 'say everything about a rule or a model',
    load: async () => (await import('./commands/explain.js')).explainCommand,
  },
  size: {
    summary: 'say what a model needs on a GPU, and how fast it will be',
    load: async () => (await import('./commands/size.js')).sizeCommand,
  },
  plan: {
    summary: 'find the hardware that serves a model for a workload',
    load: async () => (await import('./commands/plan.js')).planCommand,
  },
  render: {
    summary: 'write the files that put a plan or a configuration into operation',
    load: async () => (await import('./commands/render.js')).renderCommand,
  },
  schema: {
    summary: 'print the JSON Schema of the configuration',
    load: async () => (await import('./commands/schema.js')).schemaCommand,
  },
  emulate: {
    summary: 'start a model server on this machine that needs no GPU',
    load: async () => (await import('./commands/emulate.js')).emulateCommand,
  },
}

const examples = `
Examples:
  duo-models check duo-models.yaml
  duo-models models --feature code-completion --at-least partial
  duo-models explain endpoint-missing-v1
  duo-models plan --model codestral-22b-v0.1 --users 500
  duo-models emulate
`

/**
 * Parses the arguments and runs the command they name.
 * @throws CommanderError where the arguments are wrong, and after `--help` and `--version`
 */
export async function runProgram(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let code: ExitCode = exitCode.ok
  const program = createProgram(terminal)
  program.hook('preSubcommand', async (_, subcommand) => {
    const command = await commands[subcommand.name()]?.load()
    command?.define(subcommand)
    subcommand.action(async () => {
      code = (await command?.run(subcommand, terminal)) ?? exitCode.failed
    })
  })
  await program.parseAsync([...expandHelp(argv)], { from: 'user' })
  return code
}

/** The command that arguments name, for hints; `undefined` where they name none. */
export function namedCommand(argv: readonly string[]): string | undefined {
  return argv.find((argument) => Object.hasOwn(commands, argument))
}

function createProgram(terminal: Terminal): Command {
  const program = new Command('duo-models')
    .description('Which model may serve which GitLab Duo feature, where, and is this configuration valid?')
    .version(packageJson.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand(false)
    .option('--no-color', 'no colours, also on a terminal')
    .addHelpText('after', examples)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.write(text),
      writeErr: (text) => terminal.writeError(text),
      getOutHelpWidth: () => helpWidth(terminal.columns),
      getErrHelpWidth: () => helpWidth(terminal.io.stderr.columns ?? 80),
      // `reportError` words every error the same way.
      outputError: () => {},
    })
  for (const [name, { summary }] of Object.entries(commands)) program.command(name).description(summary)
  return program
}

function helpWidth(columns: number): number {
  return Math.min(columns, 120)
}

function expandHelp(argv: readonly string[]): readonly string[] {
  const [first, ...rest] = argv
  return first === 'help' ? [...rest, '--help'] : argv
}
