import { isSecretName } from './secret-name.js'

/** Part of a line that must not be shown: code units from `start` up to, not including, `end`. */
export interface SecretRange {
  readonly start: number
  readonly end: number
}

/** What of the lines above still hides something in the next line. */
interface Carry {
  /** Column of a key whose nested lines are hidden; -1 for none. */
  readonly nestedUnder: number
  /** `value`: a secret key stands above and its value has not begun; `plain`: it may go on without quotes. */
  readonly expects: 'nothing' | 'value' | 'plain'
  /** Quote that closes a hidden value; empty for none. */
  readonly quote: string
  /** Brackets that are still open in a hidden value. */
  readonly depth: number
}

interface Scan {
  readonly ranges: readonly SecretRange[]
  readonly carry: Carry
}

interface ValueEnd {
  readonly end: number
  readonly quote: string
  readonly depth: number
  readonly plain: boolean
}

const nothing: Carry = { nestedUnder: -1, expects: 'nothing', quote: '', depth: 0 }
// Each of these tries a run of characters once, so that a long line costs linear time.
const keyPattern = /(?<![\w.\\-])([\w.\\-]+)["']?[^\S\n]*[:=]/g
const flagPattern = /(?<![\w-])--?([\w-]+)(?=["',=\s\]]|$)/g
const anchorPattern = /(?<=^|\s)&[^\s,[\]{}]+[^\S\n]+(?=\S)/g
const explicitPattern = /^\s*[:?](?=\s)/g
const addressPattern = /(?<=\/\/)[^/?#\s]*@|(?<=[?#])\S+/g
const tokenPattern = /(?<![\w-])(?:sk-|hf_|gl[a-z]{2,4}-|AKIA|ASIA|eyJ|Bearer\s+)[\w.~+/=-]{6,}/g
const noValueYet = /^(?:[|>][0-9+-]*|[!&]\S*)?(?:\s+#.*)?$/
const startsAfresh = /^\s*(?:-\s|[#\]}]|["']?[\w.\\-]+["']?\s*:)/

/**
 * Finds what must stay hidden when lines of YAML or JSON are shown: values under secret names however they are nested
 * or wrapped, values of command-line options with such names, the user, password and query of addresses, and tokens
 * of well-known form. Hides too much rather than too little. Takes the lines from the first on, since a line alone
 * does not tell what it belongs to; the time is linear in the text.
 */
export function secretRanges(lines: readonly string[]): readonly (readonly SecretRange[])[] {
  let carry = nothing
  return lines.map((line) => {
    const scan = scanLine(line, carry)
    carry = scan.carry
    return merge([...scan.ranges, ...matches(line, addressPattern), ...matches(line, tokenPattern)])
  })
}

function scanLine(line: string, carry: Carry): Scan {
  const indent = line.search(/\S/)
  if (indent < 0) return { ranges: [], carry }
  if (carry.quote !== '' || carry.depth > 0) return scanFrom(line, indent, carry)
  const nested = isNested(line, indent, carry.nestedUnder)
  if (carry.expects === 'value') return nested ? hideNested(line, indent, carry) : scanFrom(line, indent, carry)
  const goesOn = carry.expects === 'plain' && !startsAfresh.test(line)
  if (nested || goesOn) return { ranges: [{ start: indent, end: line.length }], carry }
  return scanKeys(line, 0, [], nothing)
}

function isNested(line: string, indent: number, nestedUnder: number): boolean {
  if (nestedUnder < 0) return false
  return indent > nestedUnder || (indent === nestedUnder && /^-(?:\s|$)/.test(line.slice(indent, indent + 2)))
}

/** Hides the first line below a key. It may be the value, or a key of an object that is the value. */
function hideNested(line: string, indent: number, carry: Carry): Scan {
  const { quote, depth } = valueEnd(line, indent, carry)
  return { ranges: [{ start: indent, end: line.length }], carry: { ...carry, expects: 'nothing', quote, depth } }
}

/** Hides a value that the lines above began, then goes on behind it. */
function scanFrom(line: string, start: number, carry: Carry): Scan {
  const value = valueEnd(line, start, carry)
  return scanKeys(line, value.end, [{ start, end: value.end }], carryOf(value, carry.nestedUnder))
}

/** Hides the value of every secret key from a column on. */
function scanKeys(line: string, from: number, found: readonly SecretRange[], before: Carry): Scan {
  const ranges = [...found]
  let carry = before
  let position = from
  for (const key of secretKeys(line)) {
    if (key.start < position) continue
    const start = skipSeparators(line, key.end)
    const nestedUnder = /["']/.test(line.charAt(key.start - 1)) ? key.start - 1 : key.start
    if (noValueYet.test(line.slice(start)))
      return { ranges: [...ranges, { start, end: line.length }], carry: { ...nothing, nestedUnder, expects: 'value' } }
    const value = valueEnd(line, start, nothing)
    ranges.push({ start, end: value.end })
    carry = carryOf(value, nestedUnder)
    position = value.end
  }
  return { ranges, carry }
}

function carryOf({ quote, depth, plain }: ValueEnd, nestedUnder: number): Carry {
  return { nestedUnder, quote, depth, expects: plain ? 'plain' : 'nothing' }
}

function secretKeys(line: string): readonly SecretRange[] {
  const keys = [
    ...matches(line, keyPattern, isSecretName),
    ...matches(line, flagPattern, isSecretName),
    ...matches(line, anchorPattern),
    ...matches(line, explicitPattern),
  ]
  return keys.sort((a, b) => a.start - b.start || b.end - a.end)
}

/** Where a value ends: behind its closing quote or bracket. A plain one may hold anything and takes the whole line. */
function valueEnd(line: string, start: number, carry: Pick<Carry, 'quote' | 'depth'>): ValueEnd {
  let { quote, depth } = carry
  for (let index = start; index < line.length; index += 1) {
    const char = line.charAt(index)
    if (quote !== '') {
      if (char === '\\' && quote === '"') index += 1
      else if (char === quote) quote = ''
    } else if (char === '"' || char === "'") quote = char
    else if (char === '{' || char === '[') depth += 1
    else if (char === '}' || char === ']') depth -= 1
    else if (depth <= 0) break
    // '' inside single quotes is a quote and goes on.
    const doubled = char === "'" && line.charAt(index + 1) === "'"
    if (quote === '' && depth <= 0 && !doubled) return { end: index + 1, quote, depth: 0, plain: false }
  }
  const open = quote !== '' || depth > 0
  return { end: line.length, quote, depth: Math.max(0, depth), plain: !open }
}

function skipSeparators(line: string, from: number): number {
  let index = from
  // The quote right behind an option closes it; any other opens the value.
  if (/["']/.test(line.charAt(from)) && /[\w-]/.test(line.charAt(from - 1))) index += 1
  while (index < line.length && /[\s:=,]/.test(line.charAt(index))) index += 1
  return index
}

function matches(line: string, pattern: RegExp, accepts: (name: string) => boolean = () => true): SecretRange[] {
  const ranges: SecretRange[] = []
  for (const match of line.matchAll(pattern))
    if (accepts(match[1] ?? '')) ranges.push({ start: match.index, end: match.index + match[0].length })
  return ranges
}

function merge(ranges: readonly SecretRange[]): readonly SecretRange[] {
  const merged: SecretRange[] = []
  for (const range of [...ranges].sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1)
    if (range.end <= range.start) continue
    if (last === undefined || range.start > last.end) merged.push(range)
    else merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, range.end) }
  }
  return merged
}
