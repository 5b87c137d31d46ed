import { showValue } from '../../show-value.js'
import { HuggingFaceConfigError } from './hugging-face-config-error.js'

/** An object of a configuration file, and where it stands in it. */
export interface ConfigObject {
  /** Its fields. */
  readonly values: Readonly<Record<string, unknown>>
  /** Its own field, such as `text_config`; empty for the whole file. */
  readonly path: string
  /** What is wrong with values that are no plain data, by their whole field. */
  readonly unreadable: ReadonlyMap<string, string>
}

/** The least and the largest value of a number. */
export interface Limits {
  readonly least: number
  readonly largest: number
}

/** A value that is there, and its field. */
interface Field {
  readonly field: string
  readonly value: unknown
}

/** A field's whole name. */
export function fieldOf({ path }: ConfigObject, name: string): string {
  // Some names come from the file, and end up in messages.
  const shown = safeName.test(name) ? name : JSON.stringify(name.slice(0, 64))
  return path === '' ? shown : `${path}.${shown}`
}

const safeName = /^[\w.-]{1,64}$/

/** The value under the first of several names that mean the same; `null` counts as absent. Throws when they disagree. */
function findField(object: ConfigObject, names: readonly string[]): Field | undefined {
  const found = names.flatMap((name) => fieldNamed(object, name) ?? [])
  const [first] = found
  const other = found.find(({ value }) => value !== first?.value)
  if (first === undefined || other === undefined) return first
  throw contradiction(
    other.field,
    `${first.field} is ${showValue(first.value)} and ${other.field} is ${showValue(other.value)}, but they mean the same.`,
  )
}

function fieldNamed(object: ConfigObject, name: string): Field | undefined {
  const field = fieldOf(object, name)
  const value = Object.hasOwn(object.values, name) ? object.values[name] : undefined
  if (value !== undefined && value !== null) return { field, value }
  const problem = object.unreadable.get(field)
  if (problem !== undefined)
    throw new HuggingFaceConfigError({ code: 'invalid-field', field, message: `${field} cannot be read. ${problem}` })
  return undefined
}

/** Whether a field has a value other than `null`. */
export function has(object: ConfigObject, name: string): boolean {
  return fieldNamed(object, name) !== undefined
}

/** A whole number under one of several names, if it is there. Throws for any other value and outside the limits. */
export function findNumber(object: ConfigObject, names: readonly string[], limits: Limits): number | undefined {
  const found = findField(object, names)
  if (found === undefined) return undefined
  const { field, value } = found
  if (typeof value === 'number' && Number.isInteger(value) && value >= limits.least && value <= limits.largest)
    return value
  throw invalid(field, value, `a whole number from ${limits.least} to ${limits.largest}`)
}

/** A whole number that has to be there. */
export function needNumber(object: ConfigObject, names: readonly string[], limits: Limits): number {
  return findNumber(object, names, limits) ?? missing(object, names)
}

/** A positive number that may have a fraction, if it is there. */
export function findFactor(object: ConfigObject, name: string, largest: number): number | undefined {
  const found = fieldNamed(object, name)
  if (found === undefined) return undefined
  if (typeof found.value === 'number' && found.value > 0 && found.value <= largest) return found.value
  throw invalid(found.field, found.value, `a number above 0 and up to ${largest}`)
}

/** Yes or no, if it is there. */
export function findFlag(object: ConfigObject, names: readonly string[]): boolean | undefined {
  const found = findField(object, names)
  if (found === undefined || typeof found.value === 'boolean') return found?.value as boolean | undefined
  throw invalid(found.field, found.value, 'true or false')
}

/** Text, if it is there. */
export function findText(object: ConfigObject, names: readonly string[]): string | undefined {
  const found = findField(object, names)
  if (found === undefined || typeof found.value === 'string') return found?.value as string | undefined
  throw invalid(found.field, found.value, 'text')
}

/** A list, if it is there. */
export function findList(object: ConfigObject, name: string): readonly unknown[] | undefined {
  const found = fieldNamed(object, name)
  if (found === undefined || Array.isArray(found.value)) return found?.value as readonly unknown[] | undefined
  throw invalid(found.field, found.value, 'a list')
}

/** A list of whole numbers, if it is there. */
export function findNumbers(object: ConfigObject, name: string, limits: Limits): readonly number[] | undefined {
  const list = findList(object, name)
  return list?.map((value, index) => {
    const inLimits =
      typeof value === 'number' && Number.isInteger(value) && value >= limits.least && value <= limits.largest
    if (inLimits) return value
    throw invalid(
      `${fieldOf(object, name)}[${index}]`,
      value,
      `a whole number from ${limits.least} to ${limits.largest}`,
    )
  })
}

/** An object inside this one, if it is there. */
export function findObject(object: ConfigObject, name: string): ConfigObject | undefined {
  const found = fieldNamed(object, name)
  if (found === undefined) return undefined
  const { field, value } = found
  if (isRecord(value)) return { values: value, path: field, unreadable: object.unreadable }
  throw invalid(field, value, 'an object')
}

/** Whether a value is an object with fields. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Throws because none of several names is there. */
export function missing(object: ConfigObject, names: readonly string[]): never {
  const [name = '', ...others] = names
  const field = fieldOf(object, name)
  const also = others.length === 0 ? '' : ` (nor ${others.join(', ')})`
  throw new HuggingFaceConfigError({
    code: 'missing-field',
    field,
    message: `${field} is not there${also}, and the model cannot be sized without it. Is this the whole config.json?`,
  })
}

/** The error for a value that cannot be. */
export function invalid(field: string, value: unknown, expected: string): HuggingFaceConfigError {
  return new HuggingFaceConfigError({
    code: 'invalid-field',
    field,
    message: `${field} is ${showValue(value)}; ${expected} is needed.`,
  })
}

/** The error for fields that contradict each other. */
export function contradiction(field: string, message: string): HuggingFaceConfigError {
  return new HuggingFaceConfigError({ code: 'contradicting-fields', field, message })
}
