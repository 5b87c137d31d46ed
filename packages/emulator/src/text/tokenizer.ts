import { beginToken, specialTokens } from './special-tokens.js'

/** Pieces of up to this many ASCII characters are one token. English prose then has about 4 characters per token. */
const maxPieceLength = 6
/** Every non-ASCII code point is one token: this number plus the code point. */
const codePointBase = 200_000
/** ASCII pieces are numbers to the base 129 (each digit a character code plus 1), from here on. */
const pieceBase = 2_000_000

const specialText = new Map([...specialTokens].map(([text, id]) => [id, text]))
/** Tekken, Mistral's newer vocabulary, numbers the same control tokens differently. */
for (const [alias, id] of [
  [14, 11],
  [15, 12],
  [16, 13],
] as const) {
  specialText.set(alias, specialText.get(id) ?? '')
}

const escaped = [...specialTokens.keys()].map((text) => text.replace(/[|[\]/]/g, '\\$&'))
const specialPattern = new RegExp(`(${escaped.join('|')})`)
const piecePattern = / ?[A-Za-z_]+| ?\d{1,3}|\n+ *| +|[\0-\x7f]|[^\0-\x7f]/gu

/** Splits text into pieces, one per token. Joined again they give the text. */
export function splitIntoPieces(text: string): string[] {
  const pieces: string[] = []
  for (const part of text.split(specialPattern)) {
    if (specialTokens.has(part)) pieces.push(part)
    else for (const [word] of part.matchAll(piecePattern)) pushWord(word, pieces)
  }
  return pieces
}

function pushWord(word: string, pieces: string[]): void {
  if (word.length <= maxPieceLength || word.charCodeAt(0) > 0x7f) pieces.push(word)
  else
    for (let start = 0; start < word.length; start += maxPieceLength)
      pieces.push(word.slice(start, start + maxPieceLength))
}

/** The token of one piece. */
export function pieceToToken(piece: string): number {
  const special = specialTokens.get(piece)
  if (special !== undefined) return special
  const codePoint = piece.codePointAt(0) ?? 0
  if (codePoint > 0x7f) return codePointBase + codePoint
  let packed = 0
  for (let index = piece.length - 1; index >= 0; index -= 1) packed = packed * 129 + piece.charCodeAt(index) + 1
  return pieceBase + packed
}

/** The text of one token; empty for an id that stands for nothing. */
export function tokenToPiece(token: number): string {
  const special = specialText.get(token)
  if (special !== undefined) return special
  if (token >= pieceBase) return unpack(token - pieceBase)
  const codePoint = token - codePointBase
  return codePoint > 0x7f && codePoint <= 0x10ffff ? String.fromCodePoint(codePoint) : ''
}

function unpack(packed: number): string {
  let piece = ''
  for (let rest = packed; rest > 0 && piece.length < maxPieceLength; rest = Math.floor(rest / 129)) {
    const digit = rest % 129
    if (digit > 0) piece += String.fromCharCode(digit - 1)
  }
  return piece
}

/** Text to tokens. With `addSpecialTokens`, the begin token comes first, even if the text spells it already. */
export function encode(text: string, addSpecialTokens: boolean): number[] {
  const tokens = splitIntoPieces(text).map(pieceToToken)
  return addSpecialTokens ? [beginToken, ...tokens] : tokens
}

/** Tokens to text. The inverse of {@link encode} without special tokens, for every text. */
export function decode(tokens: readonly number[]): string {
  return tokens.map(tokenToPiece).join('')
}
