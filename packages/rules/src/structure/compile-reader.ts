import type * as z from 'zod'

/** What a reader returns when the value needs the schema itself: it may be wrong, or hold something to default. */
export const unsure: unique symbol = Symbol('unsure')

/** Reads and copies a value that is plainly valid; anything else is `unsure`. Says yes only where the schema does. */
export type Reader = (value: unknown) => unknown

/** The most entries of a list or map that a reader copies; longer ones are for the schema. */
const maxEntries = 1_000

const refuse: Reader = () => unsure

/**
 * Compiles a schema into a reader, several times faster than the schema because it explains nothing. Parts of a schema
 * that it does not know are read as `unsure`, so a new kind of schema costs speed and never correctness.
 */
export function compileReader(schema: z.core.$ZodType): Reader {
  const { def } = (schema as z.core.$ZodTypes)._zod
  switch (def.type) {
    case 'optional':
      return compileReader(def.innerType)
    case 'string':
      return compileText(def.checks ?? [])
    case 'number':
      return compileNumber(def)
    case 'boolean':
      return (value) => (typeof value === 'boolean' ? value : unsure)
    case 'literal':
      return oneOf(def.values)
    case 'enum':
      return oneOf(Object.values(def.entries))
    case 'array':
      return compileList(compileReader(def.element), def.checks ?? [])
    case 'union':
      return compileUnion(def.options.map(compileReader))
    case 'record':
      return compileMap(compileReader(def.keyType), compileReader(def.valueType))
    case 'object':
      return def.catchall?._zod.def.type === 'never' ? compileObject(def.shape) : refuse
    default:
      return refuse
  }
}

type Checks = readonly z.core.$ZodCheck<never>[]

function compileText(checks: Checks): Reader {
  const steps = checks.map(textStep)
  if (steps.includes(undefined)) return refuse
  const known = steps.filter((step) => step !== undefined)
  return (value) => {
    if (typeof value !== 'string') return unsure
    let text: string | undefined = value
    for (const step of known) {
      text = step(text)
      if (text === undefined) return unsure
    }
    return text
  }
}

/** What a check makes of a text; `undefined` when the text fails it. */
type TextStep = (text: string) => string | undefined

function textStep(check: z.core.$ZodCheck<never>): TextStep | undefined {
  const { def } = (check as unknown as z.core.$ZodChecks)._zod
  switch (def.check) {
    case 'overwrite': {
      const change: (text: never) => unknown = def.tx
      return (text) => {
        const changed = change(text as never)
        return typeof changed === 'string' ? changed : undefined
      }
    }
    case 'min_length':
      return (text) => (text.length >= def.minimum ? text : undefined)
    case 'max_length':
      return (text) => (text.length <= def.maximum ? text : undefined)
    case 'string_format': {
      const { pattern } = def
      if (def.format !== 'regex' || pattern === undefined || pattern.global || pattern.sticky) return undefined
      return (text) => (pattern.test(text) ? text : undefined)
    }
    default:
      return undefined
  }
}

function compileNumber(def: z.core.$ZodNumberDef): Reader {
  const whole = 'format' in def
  if (whole && def.format !== 'safeint') return refuse
  const tests = (def.checks ?? []).map(numberTest)
  if (tests.includes(undefined)) return refuse
  const known = tests.filter((test) => test !== undefined)
  return (value) => {
    if (typeof value !== 'number' || !Number.isFinite(value) || (whole && !Number.isSafeInteger(value))) return unsure
    for (const test of known) if (!test(value)) return unsure
    return value
  }
}

function numberTest(check: z.core.$ZodCheck<never>): ((value: number) => boolean) | undefined {
  const { def } = (check as unknown as z.core.$ZodChecks)._zod
  if (def.check !== 'greater_than' && def.check !== 'less_than') return undefined
  const bound = Number(def.value)
  if (def.check === 'greater_than') return def.inclusive ? (value) => value >= bound : (value) => value > bound
  return def.inclusive ? (value) => value <= bound : (value) => value < bound
}

function oneOf(values: readonly unknown[]): Reader {
  const known = new Set(values)
  return (value) => (typeof value === 'string' && known.has(value) ? value : unsure)
}

function compileList(readEntry: Reader, checks: Checks): Reader {
  let least = 0
  for (const check of checks) {
    const { def } = (check as unknown as z.core.$ZodChecks)._zod
    if (def.check !== 'min_length') return refuse
    least = Math.max(least, def.minimum)
  }
  return (value) => {
    if (!Array.isArray(value)) return unsure
    const { length } = value
    if (length < least || length > maxEntries) return unsure
    const copy: unknown[] = []
    for (let index = 0; index < length; index += 1) {
      const entry = readEntry(value[index])
      if (entry === unsure) return unsure
      copy.push(entry)
    }
    return copy
  }
}

function compileUnion(readers: readonly Reader[]): Reader {
  return (value) => {
    for (const read of readers) {
      const result = read(value)
      if (result !== unsure) return result
    }
    return unsure
  }
}

function compileMap(readKey: Reader, readEntry: Reader): Reader {
  return (value) => {
    const copy: Record<string, unknown> = {}
    const sound = readEntries(value, (key, entry) => {
      const read = readKey(key) === key ? readEntry(entry) : unsure
      if (read === unsure) return false
      copy[key] = read
      return true
    })
    return sound ? copy : unsure
  }
}

/** Hands over the entries of a map of at most 1,000, in their order; false as soon as one is refused. */
export function readEntries(value: unknown, accept: (key: string, entry: unknown) => boolean): boolean {
  if (!isPlain(value)) return false
  const keys = Object.keys(value)
  if (keys.length > maxEntries) return false
  for (const key of keys) {
    if (key === '__proto__') return false
    const entry = value[key]
    if (entry !== undefined && !accept(key, entry)) return false
  }
  return true
}

function compileObject(shape: Readonly<Record<string, z.core.$ZodType>>): Reader {
  const names = Object.keys(shape)
  const places = new Map(names.map((name, index) => [name, index]))
  const readers = names.map((name) => compileReader(shape[name] as z.core.$ZodType))
  const optional = names.map((name) => shape[name]?._zod.def.type === 'optional')
  return (value) => {
    if (!isPlain(value)) return unsure
    const found: unknown[] = new Array(names.length)
    for (const key of Object.keys(value)) {
      const place = places.get(key)
      if (place === undefined) return unsure
      found[place] = value[key]
    }
    // In the order of the schema, which is the order it copies in.
    const copy: Record<string, unknown> = {}
    for (let place = 0; place < names.length; place += 1) {
      const entry = found[place]
      if (entry === undefined) {
        if (optional[place] !== true) return unsure
        continue
      }
      const read = readers[place]?.(entry)
      if (read === unsure) return unsure
      copy[names[place] as string] = read
    }
    return copy
  }
}

/** Whether a value is an object of this realm without a class. */
export function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
