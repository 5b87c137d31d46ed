import {
  catalog,
  type FeatureId,
  type ModelFilter,
  type ModelMatch,
  QueryError,
  queryModels,
  selectModels,
} from '@duo-models/rules'
import { Option } from 'commander'
import type { CliCommand } from '../cli-command.js'
import { CliError } from '../cli-error.js'
import { exitCode } from '../exit-code.js'
import { parseRelease } from '../parse-release.js'
import type { Terminal } from '../terminal.js'
import { count } from '../text/count.js'
import { formatTable } from '../text/format-table.js'

interface ModelsOptions extends Pick<ModelFilter, 'platform' | 'feature' | 'atLeast' | 'status' | 'release'> {
  readonly json?: true
}

/** `duo-models models`: the matrix of the documentation, or the rows of it that are asked for. */
export const modelsCommand: CliCommand = {
  define(command) {
    const choice = (flags: string, description: string, values: readonly string[]) =>
      command.addOption(new Option(flags, description).choices(values))
    command.argument('[query...]', 'which ones, such as: feature duo-chat and platform vllm and level full')
    choice('-p, --platform <platform>', 'listed for this platform', Object.keys(catalog.platforms))
    choice('--feature <feature>', 'documented for this feature', Object.keys(catalog.features))
    choice('--at-least <level>', 'at least this level, in its own scale', levels)
    choice('-s, --status <status>', 'what GitLab promises', ['generally-available', 'beta', 'experimental'])
    command
      .option('-r, --release <version>', 'GitLab release; the newest the catalog has by default', parseRelease)
      .option('--json', 'print JSON')
      .addHelpText('after', examples)
  },
  async run(command, terminal) {
    const options = command.opts<ModelsOptions>()
    const matches = select(command.args.join(' '), options)
    if (options.json === true) terminal.write(`${JSON.stringify(matches.map(toJson), null, 2)}\n`)
    else if (matches.length > 0) terminal.write(formatMatches(matches, terminal))
    else terminal.writeError(`${nothingFound(options)}\n`)
    return exitCode.ok
  },
}

const levels = ['full', 'partial', 'none', 'not-applicable', 'yes', 'no']

const examples = `
Examples:
  duo-models models
  duo-models models --platform bedrock --feature duo-chat --at-least full
  duo-models models --status experimental
  duo-models models --json --release 18.2
  duo-models models 'feature code-completion and platform vllm and level full and release 18.2'
  duo-models models 'feature duo-chat and not family llama3 or status experimental'

Levels: full, partial, none and not-applicable for generally available models; yes and no for experimental ones. The two
scales do not convert into each other: yes says that the model may be selected, and nothing about how well it does.
`

/** A query says everything the options say, and more; given together, both have to hold. */
function select(query: string, options: ModelsOptions): readonly ModelMatch[] {
  if (query.trim() === '') return selectModels(options)
  const terms = [
    options.platform && `platform ${options.platform}`,
    options.feature && `feature ${options.feature}`,
    options.atLeast && `level >= ${options.atLeast}`,
    options.status && `status ${options.status}`,
    options.release && `release ${options.release}`,
  ].filter((term) => term !== undefined)
  try {
    return queryModels(terms.length === 0 ? query : [`(${query})`, ...terms].join(' and '))
  } catch (error) {
    if (!QueryError.is(error)) throw error
    const [reason = '', ...details] = error.message.split('\n')
    throw new CliError(reason, { cause: error, details })
  }
}

function formatMatches(matches: readonly ModelMatch[], terminal: Terminal): string {
  const features = [...new Set(matches.flatMap(({ verdicts }) => Object.keys(verdicts) as FeatureId[]))]
  const head = ['model', 'status', 'platforms', ...features.map(heading)]
  const rows = matches.map(({ model, status, platforms, verdicts }) => [
    model.id,
    status.replaceAll('-', ' '),
    platforms.join(', '),
    ...features.map((feature) => verdicts[feature]?.level.replaceAll('-', ' ') ?? ''),
  ])
  return formatTable(head, rows, terminal)
}

// The columns of the documentation in one word, so that the table fits a terminal.
function heading(feature: FeatureId): string {
  return catalog.features[feature].kind === 'column' ? feature.replace(/^(code|duo)-/, '') : feature
}

function toJson({ model, status, platforms, verdicts }: ModelMatch) {
  const levelOf = Object.entries(verdicts).map(([feature, { level }]) => [feature, level])
  const { id, name, familyKey, huggingFaceId } = model
  return { id, name, familyKey, huggingFaceId, status, platforms, levels: Object.fromEntries(levelOf) }
}

function nothingFound(options: ModelsOptions): string {
  const filter: ModelFilter = { release: options.release }
  const listed = selectModels(filter).length
  const known = Object.values(catalog.releases)
    .filter(({ view }) => view !== undefined)
    .map(({ id }) => id)
  if (listed === 0) return `No models table is known for GitLab ${options.release}. Known: ${known.join(', ')}.`
  return `No model matches; without these options there ${listed === 1 ? 'is' : 'are'} ${count(listed, 'model')}.`
}
