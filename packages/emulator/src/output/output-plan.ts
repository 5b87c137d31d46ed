import type { EmulatedAnswer } from '../answer.js'
import { endToken } from '../text/special-tokens.js'
import { pieceToToken, splitIntoPieces } from '../text/tokenizer.js'

/** What one generated token adds to the output. */
export interface OutputPiece {
  readonly kind: 'reasoning' | 'content' | 'tool-name' | 'tool-arguments'
  /** The text that becomes visible with this token; empty while a stop string may be forming. */
  readonly text: string
  /** Which tool call the piece belongs to. */
  readonly toolIndex: number
  /** The token's own text, whatever is visible of it. */
  readonly tokenText: string
}

/** One sample, decided in advance token by token. */
export interface OutputPlan {
  readonly pieces: readonly OutputPiece[]
  readonly finishReason: string
  /** The stop string or stop token that ended the output. */
  readonly stopReason: string | number | null
}

/** What limits a sample. */
export interface OutputLimits {
  /** Most tokens to generate, at least 0. */
  readonly maxTokens: number
  /** Fewest tokens before the output may end. */
  readonly minTokens: number
  /** Whether the output goes on past its own end. */
  readonly ignoreEos: boolean
  /** Strings that end the output. */
  readonly stop: readonly string[]
  /** Tokens that end the output. */
  readonly stopTokenIds: readonly number[]
  /** Whether the stop string stays in the output. */
  readonly includeStop: boolean
}

/** Limits of a platform that knows a length and stop strings only. */
export function simpleLimits(maxTokens: number, stop: readonly string[]): OutputLimits {
  return { maxTokens, minTokens: 0, ignoreEos: false, stop, stopTokenIds: [], includeStop: false }
}

/** Cuts an answer to the tokens the request allows, and says why it ends in the words of the OpenAI protocol. */
export function planOutput(answer: EmulatedAnswer, limits: OutputLimits): OutputPlan {
  const before = splitIntoPieces(answer.reasoning ?? '').map((text) => piece('reasoning', text))
  const after = (answer.toolCalls ?? []).flatMap(toolPieces)
  const room = limits.maxTokens - before.length
  const content = planContent(answer.text, room - after.length, limits)
  const pieces = [...before, ...content.pieces]
  if (content.stopReason !== null) return { pieces, finishReason: 'stop', stopReason: content.stopReason }
  const finishReason = answer.finishReason ?? (after.length > 0 ? 'tool_calls' : 'stop')
  const all = [...pieces, ...after]
  if (content.isCut || all.length >= limits.maxTokens) {
    return { pieces: all.slice(0, limits.maxTokens), finishReason: 'length', stopReason: null }
  }
  // The end token is generated, and counted, like any other.
  return { pieces: [...all, { ...piece('content', ''), tokenText: '</s>' }], finishReason, stopReason: null }
}

function piece(kind: OutputPiece['kind'], text: string, toolIndex = 0): OutputPiece {
  return { kind, text, toolIndex, tokenText: text }
}

function toolPieces(call: NonNullable<EmulatedAnswer['toolCalls']>[number], index: number): OutputPiece[] {
  const text = typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments)
  const argumentPieces = splitIntoPieces(text).map((part) => piece('tool-arguments', part, index))
  return [piece('tool-name', call.name, index), ...argumentPieces]
}

interface ContentPlan {
  readonly pieces: readonly OutputPiece[]
  readonly isCut: boolean
  readonly stopReason: string | number | null
}

function planContent(answerText: string, room: number, limits: OutputLimits): ContentPlan {
  const tokens = stretch(splitIntoPieces(answerText), room, limits)
  const byToken = tokens.findIndex((text) => limits.stopTokenIds.includes(pieceToToken(text)))
  const candidates = byToken < 0 ? tokens : tokens.slice(0, byToken)
  const stop = findStop(candidates, limits)
  if (stop !== undefined)
    return { pieces: visiblePieces(candidates, limits, stop), isCut: false, stopReason: stop.text }
  const pieces = visiblePieces(candidates, limits, undefined)
  if (byToken < 0) return { pieces, isCut: tokens.length > room, stopReason: null }
  const stopped = tokens[byToken] ?? ''
  return {
    pieces: [...pieces, { ...piece('content', ''), tokenText: stopped }],
    isCut: false,
    stopReason: pieceToToken(stopped),
  }
}

/** `min_tokens` and `ignore_eos` make a model go on past its end: the emulator then says the same again. */
function stretch(tokens: readonly string[], room: number, { minTokens, ignoreEos, maxTokens }: OutputLimits): string[] {
  const wanted = Math.min(ignoreEos ? maxTokens + 1 : minTokens, room + 1)
  const stretched = tokens.slice(0, Math.max(room + 1, 0))
  const again = tokens.length === 0 ? [' '] : tokens
  for (let index = 0; stretched.length < wanted; index += 1) stretched.push(again[index % again.length] ?? '')
  return stretched
}

interface StopMatch {
  readonly text: string
  /** Length of the visible text when the stop string is found. */
  readonly visibleLength: number
  /** End of the stop string in the whole text. */
  readonly end: number
}

/** The stop string that is completed first; of those completed by the same character, the first in the request. */
function findStop(tokens: readonly string[], { stop, includeStop, minTokens }: OutputLimits): StopMatch | undefined {
  const text = tokens.join('')
  const from = tokens.slice(0, minTokens).join('').length
  let first: StopMatch | undefined
  for (const candidate of stop) {
    const start = text.indexOf(candidate, Math.max(0, from - candidate.length + 1))
    const end = start + candidate.length
    if (start >= 0 && (first === undefined || end < first.end)) {
      first = { text: candidate, visibleLength: includeStop ? end : start, end }
    }
  }
  return first
}

/** Text that could be the beginning of a stop string is held back until it is known not to be. */
function visiblePieces(tokens: readonly string[], limits: OutputLimits, stop: StopMatch | undefined): OutputPiece[] {
  const text = tokens.join('')
  const total = stop?.end ?? text.length
  const visibleTotal = stop?.visibleLength ?? text.length
  const heldBack = limits.includeStop ? 0 : Math.max(0, ...limits.stop.map((item) => item.length - 1))
  const pieces: OutputPiece[] = []
  let generated = 0
  let shown = 0
  for (const token of tokens) {
    if (generated >= total) break
    generated += token.length
    const isLast = generated >= total
    const end = Math.max(
      shown,
      wholeCharacters(text, isLast ? visibleTotal : Math.min(generated - heldBack, visibleTotal)),
    )
    pieces.push({ ...piece('content', text.slice(shown, end)), tokenText: token })
    shown = end
  }
  return pieces
}

/** A cut between the two halves of a surrogate pair moves back by one. */
function wholeCharacters(text: string, end: number): number {
  const previous = text.charCodeAt(end - 1)
  return previous >= 0xd800 && previous <= 0xdbff && end < text.length ? end - 1 : end
}

/** The token id of a piece. */
export function pieceToken(output: OutputPiece): number {
  return output.tokenText === '' ? endToken : pieceToToken(output.tokenText)
}

/** The joined text of one kind of piece. */
export function textOf(pieces: readonly OutputPiece[], kind: OutputPiece['kind']): string {
  return pieces.reduce((text, piece) => (piece.kind === kind ? text + piece.text : text), '')
}
