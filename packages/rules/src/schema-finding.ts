import type * as z from 'zod'
import type { Finding, Fix } from './finding.js'
import { jsonPointer } from './json-pointer.js'
import { nearest } from './nearest.js'
import { isSecretPath, showValue } from './show-value.js'

type Issue = z.core.$ZodIssue

/**
 * Turns an issue of the schema into findings: one per unknown key, otherwise one.
 * @param issue what zod reports
 * @param root the value that was parsed
 * @param base keys that lead to it from the configuration's root
 * @param knownKeys keys of the object that `path` leads to, for suggestions
 */
export function schemaFindings(
  issue: Issue,
  root: unknown,
  base: readonly string[],
  knownKeys: (path: readonly PropertyKey[]) => readonly string[],
): Finding[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) =>
      unknownKey(key, [...base, ...issue.path], knownKeys(issue.path), at(root, issue.path)),
    )
  const deepest = issue.code === 'invalid_union' ? deepestBranch(issue) : undefined
  if (deepest !== undefined)
    return schemaFindings({ ...deepest, path: [...issue.path, ...deepest.path] }, root, base, knownKeys)
  return [valueFinding(issue, at(root, issue.path), [...base, ...issue.path])]
}

// A union reports every branch; the one that got furthest is the one the writer meant.
function deepestBranch(issue: Extract<Issue, { code: 'invalid_union' }>): Issue | undefined {
  const candidates = issue.errors.flat().filter(({ path }) => path.length > 0)
  return candidates.sort((a, b) => b.path.length - a.path.length)[0]
}

function unknownKey(key: string, path: readonly PropertyKey[], known: readonly string[], parent: unknown): Finding {
  const from = jsonPointer([...path, key])
  const free = known.filter((name) => !(isRecord(parent) && Object.hasOwn(parent, name)))
  const [suggestion] = nearest(key, free)
  const fix: Fix =
    suggestion === undefined
      ? { description: known.length === 0 ? 'Remove the key.' : `Known keys are ${known.join(', ')}.` }
      : {
          description: `Did you mean '${suggestion}'?`,
          patch: [{ op: 'move', from, path: jsonPointer([...path, suggestion]) }],
        }
  return error('config-unknown-key', from, `${showValue(key)} is no key here.`, fix)
}

function valueFinding(issue: Issue, value: unknown, path: readonly PropertyKey[]): Finding {
  const pointer = jsonPointer(path)
  const name = String(path.at(-1) ?? 'the configuration')
  const expected = expectation(issue)
  if (value === undefined)
    return error('config-missing-key', pointer, `'${name}' is missing.`, { description: `Add '${name}': ${expected}.` })
  const wrongType = issue.code === 'invalid_type' || issue.code === 'invalid_union'
  const shown = showValue(value, path)
  const message = wrongType
    ? `'${name}' is ${shown}${isSecretPath(path) ? '' : ` (${typeName(value)})`}; expected is ${expected}.`
    : `'${name}' is ${shown}, which is not allowed; expected is ${expected}.`
  const description = typeof value === 'number' && wrongType ? 'Put it in quotes.' : `Write ${expected}.`
  return error(wrongType ? 'config-wrong-type' : 'config-invalid-value', pointer, message, { description })
}

function expectation(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return typeWords[issue.expected] ?? issue.expected
    case 'invalid_value':
      return `one of ${issue.values.map(String).join(', ')}`
    case 'invalid_format':
      return issue.format === 'regex' ? "a GitLab version such as '18.2'" : `text of the form ${issue.format}`
    case 'too_small':
      return `${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}${unitOf(issue.origin)}`
    case 'too_big':
      return `at most ${issue.maximum}${unitOf(issue.origin)}`
    case 'invalid_union':
      return [...new Set(issue.errors.flat().map(expectation))].join(' or ') || 'another value'
    default:
      return 'another value'
  }
}

const typeWords: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
  array: 'a list',
}

function unitOf(origin: string): string {
  if (origin === 'string') return ' characters'
  return origin === 'array' ? ' entries' : ''
}

function typeName(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'list' : typeof value
}

function error(rule: string, path: string, message: string, fix: Fix): Finding {
  return { rule, severity: 'error', path, message, fix, sources: [] }
}

/** The value under these keys, or `undefined`. */
export function at(root: unknown, path: readonly PropertyKey[]): unknown {
  let value = root
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = Reflect.get(value, key)
  }
  return value
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
