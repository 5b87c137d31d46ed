import { jsonText } from './json-text.js'

/** Plain data that can be written as YAML. Members that are `undefined` are left out. */
export type YamlValue = string | number | boolean | null | readonly YamlValue[] | YamlMap

/** A mapping, in the order of its keys. */
export interface YamlMap {
  readonly [key: string]: YamlValue | undefined
}

/**
 * Writes plain data as one YAML document that reads back as the same data, in YAML 1.1 and 1.2 alike. Text that a
 * reader could take for anything else is quoted; text of several lines becomes a block where that is exact.
 */
export function toYaml(value: YamlMap): string {
  return (
    mapLines(value)
      .map((line) => `${line}\n`)
      .join('') || '{}\n'
  )
}

/** Several documents of one file. Every comment becomes lines of its own in front of its document. */
export function toYamlDocuments(
  documents: readonly { readonly comments: readonly string[]; readonly value: YamlMap }[],
): string {
  return documents
    .map(({ comments, value }) => comments.map((comment) => `# ${comment}\n`).join('') + toYaml(value))
    .join('---\n')
}

function mapLines(map: YamlMap): string[] {
  return Object.entries(map).flatMap(([key, value]) => (value === undefined ? [] : memberLines(keyText(key), value)))
}

// An implicit key may not be longer than 1,024 characters.
const longestKey = 1000

function memberLines(key: string, value: YamlValue): string[] {
  const isLong = key.length > longestKey
  const [start, marker] = isLong ? [`? ${key}`, ':'] : ['', `${key}:`]
  const lines = isFilled(value) ? [marker, ...indent(collectionLines(value))] : scalarLines(marker, value)
  return isLong ? [start, ...lines] : lines
}

function itemLines(item: YamlValue): string[] {
  if (!isFilled(item)) return scalarLines('-', item)
  const [first = '', ...rest] = collectionLines(item)
  return [`- ${first}`, ...indent(rest)]
}

function collectionLines(value: readonly YamlValue[] | YamlMap): string[] {
  return isList(value) ? value.flatMap(itemLines) : mapLines(value)
}

function scalarLines(marker: string, value: YamlValue): string[] {
  if (isList(value)) return [`${marker} []`]
  if (typeof value === 'object' && value !== null) return [`${marker} {}`]
  if (typeof value !== 'string') return [`${marker} ${JSON.stringify(value)}`]
  if (!isBlock(value)) return [`${marker} ${quoted(value)}`]
  const endsWithBreak = value.endsWith('\n')
  const lines = (endsWithBreak ? value.slice(0, -1) : value).split('\n')
  return [`${marker} ${endsWithBreak ? '|' : '|-'}`, ...indent(lines)]
}

// Empty collections have no block form; they are written like scalars.
function isFilled(value: YamlValue): value is readonly YamlValue[] | YamlMap {
  if (typeof value !== 'object' || value === null) return false
  return isList(value) ? value.length > 0 : Object.values(value).some((member) => member !== undefined)
}

function isList(value: YamlValue): value is readonly YamlValue[] {
  return Array.isArray(value)
}

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => (line === '' ? '' : `  ${line}`))
}

const plainText = /^(?:--?)?[A-Za-z/](?:[A-Za-z0-9_./@:=-]*[A-Za-z0-9_/])?$/
const plainKey = /^[A-Za-z_](?:[A-Za-z0-9_./-]*[A-Za-z0-9_])?$/
// Words that YAML 1.1 or 1.2 reads as something else than text.
const reserved = /^(?:true|false|yes|no|on|off|y|n|null)$/i

function quoted(text: string): string {
  return plainText.test(text) && !reserved.test(text) ? text : jsonText(text)
}

function keyText(key: string): string {
  return plainKey.test(key) && !reserved.test(key) ? key : jsonText(key)
}

function isBlock(text: string): boolean {
  return (
    /^\S/.test(text) &&
    text.includes('\n') &&
    !text.endsWith('\n\n') &&
    !/\n[ \t]+(?:\n|$)/.test(text) &&
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones a block cannot hold
    !/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]|\p{Cs}/u.test(text)
  )
}
