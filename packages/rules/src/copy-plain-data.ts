/** Something in the input that is no plain data. */
interface DataProblem {
  /** What is wrong. */
  readonly rule:
    | 'config-wrong-type'
    | 'config-invalid-value'
    | 'config-unknown-key'
    | 'config-unreadable'
    | 'config-circular'
    | 'config-too-large'
  /** Keys that lead there. */
  readonly path: readonly string[]
  /** What was found and what was expected. */
  readonly message: string
}

/** The input, read once, as plain objects and arrays that nobody else holds. */
export interface PlainCopy {
  /** The copy. What could not be copied is left out. */
  readonly value: unknown
  /** What was left out, and why. */
  readonly problems: readonly DataProblem[]
}

const maxDepth = 32
const maxValues = 100_000
const maxProblems = 1_000

interface CopyState {
  values: number
  readonly path: string[]
  readonly ancestors: object[]
  readonly problems: DataProblem[]
}

/**
 * Copies any value to plain data, reading every property once, so that later checks see what was checked. Getters that
 * throw, proxies, cycles, class instances, functions, endless depth and size become problems; it never throws.
 */
export function copyPlainData(input: unknown): PlainCopy {
  const state: CopyState = { values: 0, path: [], ancestors: [], problems: [] }
  return { value: copyValue(input, state), problems: state.problems }
}

function copyValue(value: unknown, state: CopyState): unknown {
  state.values += 1
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value
    case 'number':
      return Number.isFinite(value) ? value : report(state, 'config-invalid-value', `${value} is no finite number.`)
    case 'undefined':
      return undefined
    case 'object':
      return value === null ? null : copyObject(value, state)
    default:
      return report(state, 'config-wrong-type', `A ${typeof value} is no configuration data.`)
  }
}

function copyObject(value: object, state: CopyState): unknown {
  if (state.ancestors.includes(value)) return report(state, 'config-circular', 'The value contains itself.')
  if (state.ancestors.length >= maxDepth)
    return report(state, 'config-too-large', `The value is nested more than ${maxDepth} levels deep.`)
  state.ancestors.push(value)
  try {
    return Array.isArray(value) ? copyArray(value, state) : copyRecord(value, state)
  } catch {
    // A proxy may throw from any operation; what it throws is not ours to show.
    return report(state, 'config-unreadable', 'The value cannot be read: looking at it throws.')
  } finally {
    state.ancestors.pop()
  }
}

function copyArray(value: readonly unknown[], state: CopyState): unknown[] {
  const copy: unknown[] = []
  const { length } = value
  for (let index = 0; index < length && hasRoom(state); index += 1)
    copy.push(copyChild(value, String(index), state) ?? null)
  return copy
}

function copyRecord(value: object, state: CopyState): unknown {
  if (!isPlain(value))
    return report(
      state,
      'config-wrong-type',
      `${nameOfClass(value)} is no plain object. In YAML, put quotes around a date or a version.`,
    )
  const copy: Record<string, unknown> = {}
  for (const key of Object.keys(value)) {
    if (!hasRoom(state)) break
    if (key === '__proto__') reportKey(state, key)
    else setChild(copy, key, copyChild(value, key, state))
  }
  return copy
}

function setChild(copy: Record<string, unknown>, key: string, child: unknown): void {
  if (child !== undefined) copy[key] = child
}

function copyChild(parent: object, key: string, state: CopyState): unknown {
  state.path.push(key)
  try {
    return copyValue(Reflect.get(parent, key), state)
  } catch {
    return report(state, 'config-unreadable', 'The value cannot be read: its getter throws.')
  } finally {
    state.path.pop()
  }
}

function hasRoom(state: CopyState): boolean {
  if (state.values < maxValues) return true
  if (state.problems.at(-1)?.rule !== 'config-too-large')
    report(state, 'config-too-large', `The configuration has more than ${maxValues} values; the rest was not read.`)
  return false
}

// Objects of another realm have another Object.prototype, which also has no prototype itself.
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null
}

function nameOfClass(value: object): string {
  const name: unknown = value.constructor?.name
  return typeof name === 'string' && /^\w{1,40}$/.test(name) ? `An instance of ${name}` : 'A class instance'
}

function reportKey(state: CopyState, key: string): void {
  state.path.push(key)
  report(state, 'config-unknown-key', `'${key}' is no key of a configuration.`)
  state.path.pop()
}

function report(state: CopyState, rule: DataProblem['rule'], message: string): undefined {
  if (state.problems.length < maxProblems) state.problems.push({ rule, path: [...state.path], message })
  return undefined
}
