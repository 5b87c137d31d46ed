import type { Random } from '../random.js'

interface Signature {
  readonly name: string
  readonly parameters: readonly string[]
  readonly indent: string
  readonly language: 'python' | 'ruby' | 'braces'
}

const signaturePattern =
  /^([ \t]*)(?:(?:export|default|async|public|private|protected|static|final|pub|override)[ \t]+)*(?:(def)|func(?:tion)?|fn|fun|const|let|var|[\w<>[\]]+)[ \t]+(?:\([^()\n]*\)[ \t]*)?([A-Za-z_]\w*[?!]?)[ \t]*(?:=[ \t]*(?:async[ \t]*)?)?\(([^()\n]*)\)([^\n]*)/gm
const statementWords = new Set(['return', 'else', 'new', 'await', 'throw', 'yield', 'in', 'of', 'case'])

/** How much of a prompt is looked at: what is nearest to the cursor. */
const lookBack = 4_000

/** Whether a prompt ends in code: it has a function's head or a line that only code has. */
export function looksLikeCode(prompt: string): boolean {
  const tail = prompt.slice(-lookBack)
  return (
    findSignature(tail) !== undefined ||
    /(^|\n)\s*(import |from \w+ import|#include|return\b|class \w+)|[{;]\s*$/.test(tail)
  )
}

/** Code that plausibly belongs between prefix and suffix: the body of the nearest function, or a neutral statement. */
export function fillCode(prefix: string, suffix: string, random: Random): string {
  const before = prefix.slice(-lookBack)
  const lastLine = before.slice(before.lastIndexOf('\n') + 1)
  const signature = findSignature(before)
  const value = signature === undefined ? random.pick(['value', 'result', 'None']) : expressionFor(signature)
  const end = needsSemicolon(before, suffix) ? ';' : ''
  if (/\breturn[ \t]+$/.test(lastLine)) return value + end
  if (/\breturn$/.test(lastLine)) return ` ${value}${end}`
  if (/[=(,][ \t]*$/.test(lastLine) && !/=>[ \t]*$/.test(lastLine)) return argumentFor(lastLine, signature)
  return statement(signature, value, end, lastLine, suffix)
}

function statement(
  signature: Signature | undefined,
  value: string,
  end: string,
  lastLine: string,
  suffix: string,
): string {
  const text = signature === undefined ? neutralStatement(lastLine, suffix) : `return ${value}${end}`
  if (lastLine.trim() === '') {
    const wanted = signature === undefined ? '' : bodyIndent(signature)
    return (wanted.startsWith(lastLine) ? wanted.slice(lastLine.length) : '') + text
  }
  if (!/[:{)>]\s*$/.test(lastLine)) return end === ';' ? ';' : `  ${commentMark(signature)} done`
  const opensBlock = signature?.language === 'braces' && !/[{>]\s*$/.test(lastLine) ? ' {' : ''
  const closesBlock = opensBlock !== '' && !suffix.includes('}') ? `\n${signature?.indent ?? ''}}` : ''
  return `${opensBlock}\n${signature === undefined ? '    ' : bodyIndent(signature)}${text}${closesBlock}`
}

function findSignature(text: string): Signature | undefined {
  let found: Signature | undefined
  for (const [line, indent = '', def, name = '', parameters = ''] of text.matchAll(signaturePattern)) {
    const word = line.trim().split(/\s/)[0] ?? ''
    if (statementWords.has(word)) continue
    const isPython = def !== undefined && /:\s*$/.test(line)
    found = {
      name,
      parameters: parameterNames(parameters),
      indent,
      language: isPython ? 'python' : def === undefined ? 'braces' : 'ruby',
    }
  }
  return found
}

function parameterNames(list: string): readonly string[] {
  const names = list.split(',').map((parameter) => {
    const words = (parameter.split(/[:=]/)[0] ?? '').match(/[A-Za-z_]\w*/g) ?? []
    // Java and C write the type first, Go, TypeScript, Python and Rust write it last.
    const isTypeFirst = /^(final|const|int|long|float|double|boolean|bool|char|string|String|auto|unsigned)$/.test(
      words[0] ?? '',
    )
    return words.length > 1 && isTypeFirst ? words.at(-1) : words[0]
  })
  return names.filter((name) => name !== undefined && name !== 'self' && name !== 'this') as string[]
}

const operations: readonly (readonly [name: RegExp, join: (names: readonly string[]) => string])[] = [
  [/add|sum|plus|total|concat|join|append/i, (names) => names.join(' + ')],
  [/sub|minus|diff/i, (names) => names.join(' - ')],
  [/mul|times|product|area|scale/i, (names) => names.join(' * ')],
  [/div|ratio|average|mean/i, (names) => names.join(' / ')],
  [/even/i, ([name]) => `${name} % 2 == 0`],
  [/odd/i, ([name]) => `${name} % 2 == 1`],
  [/square/i, ([name]) => `${name} * ${name}`],
  [/double|twice/i, ([name]) => `${name} * 2`],
  [/neg/i, ([name]) => `-${name}`],
  [/equal|same/i, (names) => names.join(' == ')],
]

function expressionFor({ name, parameters, language }: Signature): string {
  const operation = operations.find(([pattern]) => pattern.test(name))
  if (parameters.length > 0) return operation ? operation[1](parameters) : parameters.join(' + ')
  return language === 'python' ? 'None' : language === 'ruby' ? 'nil' : 'undefined'
}

function argumentFor(lastLine: string, signature: Signature | undefined): string {
  const space = /\s$/.test(lastLine) || /\($/.test(lastLine) ? '' : ' '
  return space + (signature?.parameters[0] ?? '0')
}

function neutralStatement(lastLine: string, suffix: string): string {
  return /:\s*$/.test(lastLine) ? 'pass' : suffix.includes('}') ? 'return' : 'pass'
}

function bodyIndent({ indent, language }: Signature): string {
  const step = language === 'python' ? '    ' : '  '
  return indent + (indent.includes('\t') ? '\t' : step)
}

function commentMark(signature: Signature | undefined): string {
  return signature?.language === 'braces' ? '//' : '#'
}

function needsSemicolon(before: string, suffix: string): boolean {
  return /;[ \t]*(\n|$)/.test(before) || /^[^\n]*;[ \t]*\n/.test(suffix)
}
