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
    case 'string':
      // A format, such as that of z.email(), is no check of its own.
      return 'format' in def ? refuse : compileText(def.checks ?? [])
    case 'number':
      return compileNumber(def)
    case 'array':
      return compileList(compileReader(def.element), def.checks ?? [])
    default:
      return (def.checks ?? []).length > 0 ? refuse : compileUnchecked(def)
  }
}

function compileUnchecked(def: z.core.$ZodTypes['_zod']['def']): Reader {
  switch (def.type) {
    case 'optional':
      return compileReader(def.innerType)
    case 'boolean':
      return (value) => (typeof value === 'boolean' ? value : unsure)
    case 'literal':
      return oneOf(def.values)
    case 'enum':
      return oneOf(Object.values(def.entries))
    case 'union':
      return compileUnion(def.options.map(compileReader))
    case 'record':
      // Keys of a closed list would all have to be there.
      return def.keyType._zod.def.type === 'string'
        ? compileMap(compileReader(def.keyType), compileReader(def.valueType))
        : refuse
    case 'object':
      return def.catchall?._zod.def.type === 'never' ? compileObject(def.shape) : refuse
    default:
      return refuse
  }
}

type Checks = readonly z.core.$ZodCheck<never>[]

/** What the checks of a text come to: one change, then limits. */
interface TextLimits {
  change?: (text: string) => unknown
  pattern?: RegExp
  minimum: number
  maximum: number
}

function compileText(checks: Checks): Reader {
  const limits: TextLimits = { minimum: 0, maximum: Number.POSITIVE_INFINITY }
  for (const check of checks) if (!addTextCheck(limits, check)) return refuse
  const { change, pattern, minimum, maximum } = limits
  return (value) => {
    if (typeof value !== 'string') return unsure
    const text = change === undefined ? value : change(value)
    if (typeof text !== 'string' || text.length < minimum || text.length > maximum) return unsure
    return pattern === undefined || pattern.test(text) ? text : unsure
  }
}

/** Adds a check to the limits; false for one that they cannot express. */
function addTextCheck(limits: TextLimits, check: z.core.$ZodCheck<never>): boolean {
  const { def } = (check as unknown as z.core.$ZodChecks)._zod
  switch (def.check) {
    case 'overwrite':
      // A second change, or one behind a limit, would have to keep its place in the order.
      if (limits.change !== undefined || limits.pattern !== undefined || hasLength(limits)) return false
      limits.change = def.tx as (text: unknown) => unknown
      return true
    case 'min_length':
      limits.minimum = Math.max(limits.minimum, def.minimum)
      return true
    case 'max_length':
      limits.maximum = Math.min(limits.maximum, def.maximum)
      return true
    case 'string_format': {
      const { pattern } = def
      if (def.format !== 'regex' || pattern === undefined || pattern.global || pattern.sticky) return false
      if (limits.pattern !== undefined) return false
      limits.pattern = pattern
      return true
    }
    default:
      return false
  }
}

function hasLength({ minimum, maximum }: TextLimits): boolean {
  return minimum > 0 || maximum < Number.POSITIVE_INFINITY
}

/** What the checks of a number come to; the bounds themselves belong to `least` and `most` only. */
interface NumberLimits {
  least: number
  most: number
  above: number
  below: number
}

function compileNumber(def: z.core.$ZodNumberDef): Reader {
  const whole = 'format' in def
  if (whole && def.format !== 'safeint') return refuse
  const everything = Number.POSITIVE_INFINITY
  const limits: NumberLimits = { least: -everything, most: everything, above: -everything, below: everything }
  for (const check of def.checks ?? []) if (!addNumberCheck(limits, check)) return refuse
  const { least, most, above, below } = limits
  return (value) => {
    if (typeof value !== 'number' || !(whole ? Number.isSafeInteger(value) : Number.isFinite(value))) return unsure
    return value >= least && value <= most && value > above && value < below ? value : unsure
  }
}

/** Adds a check to the limits; false for one that they cannot express. */
function addNumberCheck(limits: NumberLimits, check: z.core.$ZodCheck<never>): boolean {
  const { def } = (check as unknown as z.core.$ZodChecks)._zod
  if (def.check !== 'greater_than' && def.check !== 'less_than') return false
  const bound = Number(def.value)
  if (def.check === 'greater_than') {
    if (def.inclusive) limits.least = Math.max(limits.least, bound)
    else limits.above = Math.max(limits.above, bound)
  } else if (def.inclusive) limits.most = Math.min(limits.most, bound)
  else limits.below = Math.min(limits.below, bound)
  return true
}

function oneOf(values: readonly unknown[]): Reader {
  const [only] = values
  if (values.length === 1 && typeof only === 'string') return (value) => (value === only ? only : unsure)
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
    if (!accept(key, value[key])) return false
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
    let next = 0
    for (const key of Object.keys(value)) {
      // Most keys follow one another as they do in the schema.
      const place = key === names[next] ? next : places.get(key)
      if (place === undefined) return unsure
      found[place] = value[key]
      next = place + 1
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
