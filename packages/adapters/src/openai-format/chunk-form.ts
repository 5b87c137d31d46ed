import { isJsonObject, type JsonObject, parseJson } from './json.js'

/** Which part of the answer the text of a chunk belongs to. */
export type ChunkTextKind = 'text' | 'reasoning'

/**
 * What changes from one chunk to the next: the text, the two running counts, and `filler`, strings that mean nothing,
 * which OpenAI and Azure put in so that the length of a chunk does not tell the length of its token.
 */
export type ChunkSlot = 'text' | 'total-tokens' | 'output-tokens' | 'filler'

/** What changes from one stream to the next, such as the id. */
type StreamSlot = 'stream-string' | 'stream-number'

/** A chunk cut at its slots: one part before each of them and one behind the last. */
export interface ChunkForm<Slot = ChunkSlot> {
  readonly kind: ChunkTextKind
  readonly parts: readonly string[]
  readonly slots: readonly Slot[]
  /** The usage of the chunk the form was taken from. */
  readonly usage: JsonObject | undefined
}

/** The form of the chunks of all streams of one server. */
export type SharedChunkForm = ChunkForm<ChunkSlot | StreamSlot>

/** What a chunk says whose only news is one piece of text. */
interface PlainChunk {
  readonly kind: ChunkTextKind
  /** The member that holds the text. */
  readonly member: string
  readonly text: string
  readonly usage: JsonObject | undefined
}

/** Where something stands that may change; a string without its quotes. */
interface Place {
  readonly slot: ChunkSlot | StreamSlot
  readonly start: number
  readonly end: number
}

const textMembers = ['content', 'reasoning', 'reasoning_content', 'text']
const stringSlots: Readonly<Record<string, Place['slot']>> = { obfuscation: 'filler', id: 'stream-string' }
const countSlots: Readonly<Record<string, Place['slot']>> = {
  total_tokens: 'total-tokens',
  completion_tokens: 'output-tokens',
}
const numberSlots: Readonly<Record<string, Place['slot']>> = {
  ...countSlots,
  index: 'stream-number',
  created: 'stream-number',
  prompt_tokens: 'stream-number',
  cached_tokens: 'stream-number',
}
// A quote within a string is escaped, so nothing within a string looks like a member.
const numberMember = new RegExp(`(?<="(${Object.keys(numberSlots).join('|')})"\\s*:\\s*)\\d+`, 'g')
const stringMember = memberPattern(Object.keys(stringSlots))
const textMember = memberPattern(textMembers)
/** Longer chunks are rare, and their form would take much memory. */
const maxFormLength = 16 * 1024

function memberPattern(names: readonly string[]): RegExp {
  return new RegExp(`"(${names.join('|')})"\\s*:\\s*"((?:[^"\\\\]|\\\\.)*)"`, 'g')
}

/**
 * The form of a chunk of one choice, whichever it is, from the data of its event; `undefined` where it is not one that is
 * sure to be read well: a form is given only after the chunk with other contents in its slots was parsed and said
 * exactly those.
 */
export function findChunkForm(data: string, json: JsonObject): SharedChunkForm | undefined {
  const chunk = data.length > maxFormLength || data.includes('\n') ? undefined : readPlainChunk(json)
  if (chunk === undefined) return undefined
  const others = [...findNumbers(data, chunk.usage), ...findStrings(data, stringMember, (name) => stringSlots[name])]
  const texts = findStrings(data, textMember, (name) => (name === chunk.member ? 'text' : undefined))
  for (const text of texts) {
    const places = [text, ...others].sort((a, b) => a.start - b.start)
    if (isProven(data, places, chunk)) return cut(data, places, chunk)
  }
  return undefined
}

const contents: Readonly<Record<Place['slot'], RegExp>> = {
  text: /(?:[^"\\]|\\.)+/y,
  filler: /[^"\\]*/y,
  'stream-string': /[^"\\]*/y,
  'stream-number': /\d+/y,
  'total-tokens': /\d+/y,
  'output-tokens': /\d+/y,
}

/**
 * The form that is left for one stream, with the contents of one of its chunks in the slots of the stream.
 * @param json the chunk, parsed: that it is well-formed is taken for granted
 * @returns `undefined` where the chunk has another form
 */
export function formOfStream(form: SharedChunkForm, data: string, json: JsonObject): ChunkForm | undefined {
  const parts: string[] = []
  const slots: ChunkSlot[] = []
  let part = ''
  let at = 0
  for (const [index, constant] of form.parts.entries()) {
    if (data.slice(at, at + constant.length) !== constant) return undefined
    part += constant
    at += constant.length
    const slot = form.slots[index]
    if (slot === undefined) break
    const content = readContent(slot, data, at)
    if (content === undefined) return undefined
    at += content.length
    if (slot === 'stream-string' || slot === 'stream-number') {
      part += content
      continue
    }
    parts.push(part)
    slots.push(slot)
    part = ''
  }
  if (at !== data.length) return undefined
  const { usage } = json
  return { kind: form.kind, parts: [...parts, part], slots, usage: isJsonObject(usage) ? usage : undefined }
}

function readContent(slot: Place['slot'], data: string, at: number): string | undefined {
  const pattern = contents[slot]
  pattern.lastIndex = at
  return pattern.exec(data)?.[0]
}

/** The chunk as text and usage, where there is nothing else in it that {@link OpenAIStreamReader} would act on. */
function readPlainChunk(chunk: JsonObject): PlainChunk | undefined {
  const { choices, usage, error } = chunk
  if (error !== undefined || !Array.isArray(choices) || choices.length !== 1) return undefined
  const choice: unknown = choices[0]
  if (!isJsonObject(choice) || (choice['finish_reason'] ?? '') !== '') return undefined
  if ('message' in choice || ('delta' in choice && 'text' in choice)) return undefined
  const holder = isJsonObject(choice['delta']) ? choice['delta'] : choice
  const members = textMembers.filter((name) => typeof holder[name] === 'string' && holder[name] !== '')
  const [member] = members
  if (member === undefined || members.length > 1 || (holder['tool_calls'] ?? null) !== null) return undefined
  // The first of the two names wins, even with an empty text.
  if (member === 'reasoning_content' && (holder['reasoning'] ?? null) !== null) return undefined
  if ((member === 'text') !== (holder === choice) || (holder['refusal'] ?? '') !== '') return undefined
  const kind = member.startsWith('reasoning') ? 'reasoning' : 'text'
  return { kind, member, text: holder[member] as string, usage: isJsonObject(usage) ? usage : undefined }
}

function findStrings(data: string, pattern: RegExp, slotOf: (name: string) => Place['slot'] | undefined): Place[] {
  return Array.from(data.matchAll(pattern)).flatMap((match) => {
    const [all, name = '', content = ''] = match
    const slot = slotOf(name)
    const end = match.index + all.length - 1
    return slot === undefined ? [] : [{ slot, start: end - content.length, end }]
  })
}

function findNumbers(data: string, usage: JsonObject | undefined): Place[] {
  return Array.from(data.matchAll(numberMember)).flatMap((match) => {
    const [digits, name = ''] = match
    const slot = numberSlots[name]
    const isOfNoUse = usage === undefined && name in countSlots
    return slot === undefined || isOfNoUse ? [] : [{ slot, start: match.index, end: match.index + digits.length }]
  })
}

function cut(data: string, places: readonly Place[], { kind, usage }: PlainChunk): SharedChunkForm {
  const starts = [0, ...places.map(({ end }) => end)]
  const ends = [...places.map(({ start }) => start), data.length]
  const parts = starts.map((start, index) => data.slice(start, ends[index]))
  return { kind, parts, slots: places.map(({ slot }) => slot), usage }
}

/** Puts other contents in the places of the old ones, and sees whether that is what the chunk then says. */
function isProven(data: string, places: readonly Place[], chunk: PlainChunk): boolean {
  const { parts, slots } = cut(data, places, chunk)
  const counts = Object.entries(countSlots).filter(([, slot]) => slots.includes(slot))
  // One without the other is a server whose total has to be added up: too rare to be quick for.
  const countPlaces = slots.filter((slot) => slot === 'total-tokens' || slot === 'output-tokens').length
  if (countPlaces !== counts.length || counts.length === 1) return false
  const other = otherContents(data, places, chunk)
  const json = parseJson(parts.map((part, index) => `${part}${other[index] ?? ''}`).join(''))
  const read = isJsonObject(json) ? readPlainChunk(json) : undefined
  if (read === undefined || read.member !== chunk.member || read.text !== otherText(chunk)) return false
  return counts.every(([member, slot]) => {
    const index = slots.indexOf(slot)
    const { start, end } = places[index] as Place
    return chunk.usage?.[member] === Number(data.slice(start, end)) && read.usage?.[member] === Number(other[index])
  })
}

function otherText({ text }: PlainChunk): string {
  return `${text}x`
}

function otherContents(data: string, places: readonly Place[], chunk: PlainChunk): string[] {
  return places.map(({ slot, start, end }, index) => {
    const old = data.slice(start, end)
    if (slot === 'text') return JSON.stringify(otherText(chunk)).slice(1, -1)
    return slot === 'filler' || slot === 'stream-string' ? `${old}x` : String(Number(old) + index + 1)
  })
}
