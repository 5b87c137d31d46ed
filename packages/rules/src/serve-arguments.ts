/** What a `vllm serve` command says, taken apart. */
export interface ServeArguments {
  /** The positional argument: a repository or a path. */
  readonly model?: string | undefined
  /** Values by option name: with dashes, without the leading ones. A flag has none. The last mention counts. */
  readonly options: ReadonlyMap<string, readonly string[]>
  /** What cannot be read, in words that hold no value. */
  readonly problems: readonly string[]
}

const shortNames: Readonly<Record<string, string>> = {
  tp: 'tensor-parallel-size',
  pp: 'pipeline-parallel-size',
  dp: 'data-parallel-size',
  q: 'quantization',
}
const severalValues = new Set(['served-model-name', 'lora-modules', 'api-key', 'middleware'])
const flag = /^(?:no|enable|disable|skip|use|return|allow-credentials|trust-remote-code|enforce-eager|async)(?:-|$)/
const option = /^(--?)([A-Za-z][\w.-]*)(?:=([\s\S]*))?$/
const launcher = /^(?:vllm|serve|python[\d.]*|-m|vllm\.entrypoints\.openai\.api_server|[A-Z_][A-Z0-9_]*=.*)$/

/**
 * Reads the arguments of `vllm serve`, as one line with shell quotes or as a list with one argument per entry. The
 * command itself may stand in front. `--name value`, `--name=value`, dashes and underscores mean the same.
 */
export function parseServeArguments(written: string | readonly string[]): ServeArguments {
  const problems: string[] = []
  const words = typeof written === 'string' ? splitLine(written, problems) : checkEntries(written, problems)
  const start = words.findIndex((word) => !launcher.test(word))
  return readOptions(start === -1 ? [] : words.slice(start), problems)
}

function checkEntries(entries: readonly string[], problems: string[]): readonly string[] {
  const joined = entries.findIndex((entry) => /^--?[\w-]+\s+\S/.test(entry))
  if (joined !== -1) problems.push(`Entry ${joined} holds an option and its value; each needs an entry of its own.`)
  return entries.flatMap((entry) => (/^--?[\w-]+\s+\S/.test(entry) ? entry.split(/\s+/) : [entry.trim()]))
}

/** Splits a line as a POSIX shell does; variables and substitutions stay as they are written. */
function splitLine(line: string, problems: string[]): string[] {
  const words: string[] = []
  const word = /\s*((?:[^\s"'\\]+|\\[\s\S]|'[^']*'|"(?:[^"\\]|\\[\s\S])*")+)/y
  let end = 0
  for (let match = word.exec(line); match !== null; match = word.exec(line)) {
    end = word.lastIndex
    const text = unquote(match[1] ?? '')
    if (text !== '') words.push(text)
  }
  if (line.slice(end).trim() !== '') problems.push('A quote is opened and never closed.')
  return words
}

function unquote(word: string): string {
  if (!/['"\\]/.test(word)) return word
  const parts = /\\([\s\S])|'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"/g
  return word.replace(parts, (_, escaped?: string, single?: string, double?: string) => {
    if (escaped !== undefined) return escaped === '\n' ? '' : escaped
    return single ?? double?.replace(/\\([$`"\\\n])/g, '$1') ?? ''
  })
}

function readOptions(words: readonly string[], problems: readonly string[]): ServeArguments {
  const options = new Map<string, readonly string[]>()
  let model: string | undefined
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? ''
    const found = optionOf(word)
    if (found === undefined) {
      model ??= word
      continue
    }
    const { name, value } = found
    const values = value === undefined ? valuesAfter(words, index, name) : [value]
    if (value === undefined) index += values.length
    options.set(name, values)
  }
  return model === undefined ? { options, problems } : { model, options, problems }
}

function optionOf(word: string): { readonly name: string; readonly value: string | undefined } | undefined {
  const match = option.exec(word)
  if (match === null) return undefined
  const written = (match[2] ?? '').replaceAll('_', '-')
  const short = match[1] === '-' && Object.hasOwn(shortNames, written) ? shortNames[written] : undefined
  return { name: short ?? written, value: match[3] }
}

function valuesAfter(words: readonly string[], index: number, name: string): readonly string[] {
  if (flag.test(name)) return []
  const last = severalValues.has(name) ? words.length : Math.min(index + 2, words.length)
  let end = index + 1
  while (end < last && !option.test(words[end] ?? '')) end += 1
  return words.slice(index + 1, end)
}
