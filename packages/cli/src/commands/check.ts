import { type Finding, type ReportFormat, reportFormats } from '@duo-models/rules'
import { checkText } from '../check/check-text.js'
import type { CheckedFile, ReadableFile } from '../check/checked-file.js'
import { formatPlace } from '../check/format-place.js'
import { formatResults, parseFormat } from '../check/format-results.js'
import { readText } from '../check/read-text.js'
import type { CliCommand } from '../cli-command.js'
import { CliError } from '../cli-error.js'
import { type ExitCode, exitCode } from '../exit-code.js'
import { type FixedText, fixText } from '../fix/fix-text.js'
import { parseRelease } from '../parse-release.js'
import { parseWholeNumber } from '../parse-whole-number.js'
import { printError } from '../print-error.js'
import type { Terminal } from '../terminal.js'
import { count } from '../text/count.js'
import { escapeControlCharacters } from '../text/escape-control-characters.js'
import { writeFileAtomically } from '../write-file-atomically.js'

interface CheckOptions {
  readonly format: string
  readonly release?: string
  readonly maxWarnings?: number
  readonly output?: string
  readonly fix?: true
}

interface CheckRun {
  readonly options: CheckOptions
  readonly terminal: Terminal
  readonly format: ReportFormat
  /** Where results go: to the errors while the fixed text takes the output. */
  readonly toErrors: boolean
}

/** `duo-models check`: checks configuration files, and repairs what a program can repair. */
export const checkCommand: CliCommand = {
  define(command) {
    command
      .argument('<files...>', 'YAML or JSON files; - is standard input')
      .option('-f, --format <format>', `how to print: ${reportFormats.join(', ')}`, 'pretty')
      .option('-r, --release <version>', 'GitLab release to judge by, instead of gitlab.version', parseRelease)
      .option('--max-warnings <number>', 'fail on more warnings than this', parseWholeNumber(0))
      .option('-o, --output <file>', 'write the results to a file')
      .option('--fix', 'repair what can be repaired without guessing; comments and layout stay')
      .addHelpText('after', examples)
  },
  async run(command, terminal) {
    const options = command.opts<CheckOptions>()
    const paths = command.args
    const toErrors = options.fix === true && paths.includes('-')
    if (toErrors && paths.length > 1)
      throw new CliError(
        '--fix with - writes the repaired text to the output, so it takes no other file. Run them apart.',
      )
    const run: CheckRun = { options, terminal, format: parseFormat(options.format), toErrors }
    const results: CheckedFile[] = []
    for (const path of new Set(paths)) results.push(await checkFile(path, run))
    await writeResults(results, run)
    hintAtFixes(results, run)
    return judge(results, run)
  },
}

const examples = `
Examples:
  duo-models check duo-models.yaml
  duo-models check staging.yaml production.yaml --max-warnings 0
  duo-models check duo-models.yaml --fix
  duo-models check - --format json < duo-models.yaml
  duo-models check *.yaml --format sarif --output duo-models.sarif
  duo-models check - --fix < duo-models.yaml > repaired.yaml

References such as \${VLLM_API_KEY} are left as they are: checking needs no secret.
Exit codes: 0 no errors, 1 errors (or too many warnings), 2 wrong usage or a file that cannot be read.
`

async function checkFile(path: string, run: CheckRun): Promise<CheckedFile> {
  const file = path === '-' ? '<stdin>' : path
  try {
    const text = await readText(path, run.terminal.io)
    const check = (written: string) => checkText(written, { name: file, release: run.options.release })
    if (run.options.fix !== true) return { file, ...check(text) }
    const fixed = fixText(text, check)
    await saveFixed(path, text, fixed, run)
    return { file, ...fixed.checked }
  } catch (error) {
    if (!(error instanceof CliError)) throw error
    printError(error.message, run.terminal)
    return { file, error: error.message }
  }
}

async function saveFixed(
  path: string,
  text: string,
  fixed: FixedText,
  { terminal, format, toErrors, options }: CheckRun,
) {
  if (path === '-') terminal.write(fixed.text)
  else if (fixed.text !== text) {
    // Somebody may have saved the file in an editor meanwhile.
    if ((await readText(path, terminal.io)) !== text)
      throw new CliError(
        `${path} was changed by another program meanwhile. It was not repaired; run the command again.`,
      )
    await writeFileAtomically(path, fixed.text)
  }
  const file = path === '-' ? '<stdin>' : path
  const say = (line: string) => {
    const readable = escapeControlCharacters(line)
    if (toErrors || format !== 'pretty' || options.output !== undefined) terminal.writeError(`${readable}\n`)
    else terminal.write(`${readable}\n`)
  }
  for (const finding of fixed.applied)
    say(`${formatPlace(file, finding)}  fixed  ${finding.rule}: ${finding.fix?.description ?? ''}`)
  for (const finding of fixed.skipped)
    say(`${formatPlace(file, finding)}  skipped  ${finding.rule}: its patch does not fit the text; repair it by hand.`)
}

async function writeResults(results: readonly CheckedFile[], { terminal, format, toErrors, options }: CheckRun) {
  if (options.output !== undefined) {
    await writeFileAtomically(options.output, formatResults(results, format, false))
  } else if (toErrors) terminal.writeError(formatResults(results, format, terminal.errorColors.isColorSupported))
  else terminal.write(formatResults(results, format, terminal.colors.isColorSupported))
}

/** Says that a program could put some of it right, where a person reads the report. */
function hintAtFixes(results: readonly CheckedFile[], { options, terminal, format }: CheckRun): void {
  if (options.fix === true || format !== 'pretty') return
  const fixable = findingsOf(results).filter(({ fix }) => fix?.patch !== undefined).length
  if (fixable > 0) terminal.writeError(`${count(fixable, 'finding')} can be repaired with --fix.\n`)
}

function findingsOf(results: readonly CheckedFile[]): readonly Finding[] {
  return results.flatMap((result) => ('report' in result ? result.report.findings : []))
}

function judge(results: readonly CheckedFile[], { options, terminal }: CheckRun): ExitCode {
  const readable = results.filter((result): result is ReadableFile => 'report' in result)
  if (readable.length < results.length) return exitCode.failed
  if (readable.some(({ report }) => !report.ok)) return exitCode.no
  const warnings = findingsOf(results).filter(({ severity }) => severity === 'warning').length
  if (options.maxWarnings === undefined || warnings <= options.maxWarnings) return exitCode.ok
  printError(`${count(warnings, 'warning')} found, and --max-warnings allows ${options.maxWarnings}.`, terminal)
  return exitCode.no
}
