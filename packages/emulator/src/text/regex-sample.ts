import type { Random } from '../random.js'

/** Unbounded repetition stops this far above its minimum. */
const extraRepeats = 2
/** No repetition goes beyond this, however large the pattern's own numbers are. */
const maxRepeats = 200
/** Groups nested deeper than this are left out. */
const maxDepth = 50

const classes: Readonly<Record<string, string>> = {
  d: '0123456789',
  w: 'abcdefghijklmnopqrstuvwxyz0123456789_',
  s: ' ',
  D: 'abcdef',
  W: '-+.',
  S: 'abcdef0123',
}
const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', f: '\f', v: '\v', b: '', B: '' }
const anyCharacter = 'abcdefghijklmnopqrstuvwxyz'
const printable = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index))

/**
 * Text that matches a regular expression made of literals, classes, groups, alternatives, anchors and quantifiers.
 * Look-around and back-references are skipped, so the text of such a pattern may not match it.
 */
export function regexSample(pattern: string, random: Random): string {
  return new Sampler(pattern, random).alternatives(0)
}

class Sampler {
  readonly #characters: readonly string[]
  readonly #random: Random
  #position = 0

  constructor(pattern: string, random: Random) {
    this.#characters = [...pattern]
    this.#random = random
  }

  alternatives(depth: number): string {
    const options = [this.#sequence(depth)]
    while (this.#peek() === '|') {
      this.#position += 1
      options.push(this.#sequence(depth))
    }
    return options[this.#random.integer(options.length)] ?? ''
  }

  #sequence(depth: number): string {
    let text = ''
    for (let next = this.#peek(); next !== undefined && next !== '|' && next !== ')'; next = this.#peek()) {
      text += this.#repeated(depth)
    }
    return text
  }

  /** One atom with its quantifier. The atom is sampled afresh for each repetition. */
  #repeated(depth: number): string {
    const start = this.#position
    const once = this.#atom(depth)
    const [min, max] = this.#quantifier()
    const end = this.#position
    const count = Math.min(maxRepeats, min + this.#random.integer(max - min + 1))
    let text = count > 0 ? once : ''
    for (let repeat = 1; repeat < count; repeat += 1) {
      this.#position = start
      text += this.#atom(depth)
    }
    this.#position = end
    return text
  }

  #atom(depth: number): string {
    const character = this.#take()
    switch (character) {
      case '(':
        return this.#group(depth)
      case '[':
        return this.#class()
      case '\\':
        return this.#pick(this.#escape())
      case '.':
        return this.#pick([...anyCharacter])
      case '^':
      case '$':
        return ''
      default:
        return character
    }
  }

  #group(depth: number): string {
    const opening = this.#characters.slice(this.#position, this.#position + 3).join('')
    const lookAround = /^\?(<?[=!])/.exec(opening)
    if (lookAround !== null) this.#position += lookAround[0].length
    else if (opening.startsWith('?:')) this.#position += 2
    else if (opening.startsWith('?')) while (this.#peek() !== undefined && this.#take() !== '>');
    const text = depth < maxDepth ? this.alternatives(depth + 1) : this.#skipGroup()
    if (this.#peek() === ')') this.#position += 1
    return lookAround === null ? text : ''
  }

  #skipGroup(): string {
    for (let open = 1; this.#peek() !== undefined; this.#position += 1) {
      if (this.#peek() === '(') open += 1
      if (this.#peek() === ')' && --open === 0) break
    }
    return ''
  }

  #class(): string {
    const negated = this.#peek() === '^'
    if (negated) this.#position += 1
    const members: string[] = []
    while (this.#peek() !== undefined && this.#peek() !== ']') members.push(...this.#classMember())
    this.#position += 1
    const allowed = negated ? printable.filter((character) => !members.includes(character)) : members
    return this.#pick(allowed)
  }

  #classMember(): readonly string[] {
    const first = this.#take()
    const members = first === '\\' ? this.#escape() : [first]
    const [from] = members
    const isRange = this.#peek() === '-' && this.#characters[this.#position + 1] !== ']' && members.length === 1
    if (!isRange || from === undefined) return members
    this.#position += 1
    const last = this.#take()
    const [to = from] = last === '\\' ? this.#escape() : [last]
    return characterRange(from, to)
  }

  #escape(): readonly string[] {
    const character = this.#take()
    const members = Object.hasOwn(classes, character) ? classes[character] : undefined
    if (members !== undefined) return [...members]
    if (character === 'u' || character === 'x') return [this.#codePoint(character === 'u' ? 4 : 2)]
    return [Object.hasOwn(escapes, character) ? (escapes[character] ?? '') : character]
  }

  #codePoint(digits: number): string {
    const code = Number.parseInt(this.#characters.slice(this.#position, this.#position + digits).join(''), 16)
    this.#position += digits
    return Number.isNaN(code) ? '' : String.fromCharCode(code)
  }

  #quantifier(): readonly [min: number, max: number] {
    const rest = this.#characters.slice(this.#position, this.#position + 24).join('')
    const match = /^(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})[?+]?/.exec(rest)
    if (match === null) return [1, 1]
    this.#position += [...match[0]].length
    const [, symbol, low, comma, high] = match
    if (symbol === '?') return [0, 1]
    const min = low === undefined ? (symbol === '+' ? 1 : 0) : Number(low)
    if (symbol !== undefined || (comma !== undefined && !high)) return [min, min + extraRepeats]
    return [min, high ? Math.max(min, Number(high)) : min]
  }

  #pick(members: readonly string[]): string {
    return members[this.#random.integer(members.length)] ?? ''
  }

  #peek(): string | undefined {
    return this.#characters[this.#position]
  }

  #take(): string {
    const character = this.#characters[this.#position] ?? ''
    this.#position += 1
    return character
  }
}

function characterRange(from: string, to: string): readonly string[] {
  const [low = 0, high = 0] = [from.codePointAt(0), to.codePointAt(0)]
  const length = Math.min(Math.max(1, high - low + 1), 256)
  return Array.from({ length }, (_, index) => String.fromCodePoint(low + index))
}
