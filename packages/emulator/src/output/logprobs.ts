import { createRandom } from '../random.js'
import { type OutputPiece, pieceToken } from './output-plan.js'

interface TokenLogprob {
  readonly token: string
  readonly logprob: number
  readonly bytes: readonly number[]
}

/** A plausible log probability that depends on the token alone. */
function logprobOf(piece: OutputPiece): number {
  return -Math.round(createRandom('logprob', pieceToken(piece)).next() * 1e6) / 1e6
}

function entry(token: string, logprob: number): TokenLogprob {
  return { token, logprob, bytes: [...Buffer.from(token)] }
}

/** The chosen token first, then less likely ones. */
function alternatives(piece: OutputPiece, count: number): readonly TokenLogprob[] {
  const chosen = logprobOf(piece)
  return Array.from({ length: count }, (_, rank) =>
    entry(rank === 0 ? piece.tokenText : ` alternative${rank}`, chosen - rank),
  )
}

/** Chat's `logprobs`. The numbers are made up: no model computed them. */
export function chatLogprobs(pieces: readonly OutputPiece[], top: number): object {
  return {
    content: pieces.map((piece) => ({
      ...entry(piece.tokenText, logprobOf(piece)),
      top_logprobs: alternatives(piece, top),
    })),
  }
}

/** Completions' `logprobs`; `offset` is where the first token begins in the whole text. */
export function completionLogprobs(pieces: readonly OutputPiece[], top: number, offset: number): object {
  let position = offset
  const offsets = pieces.map((piece) => {
    const start = position
    position += piece.tokenText.length
    return start
  })
  return {
    text_offset: offsets,
    token_logprobs: pieces.map(logprobOf),
    tokens: pieces.map(({ tokenText }) => tokenText),
    top_logprobs: pieces.map((piece) =>
      Object.fromEntries(alternatives(piece, Math.max(1, top)).map(({ token, logprob }) => [token, logprob])),
    ),
  }
}
