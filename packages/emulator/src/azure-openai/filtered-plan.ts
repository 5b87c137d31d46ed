import { type OutputPlan, textOf } from '../output/output-plan.js'
import { type ApiVersion, hasFeature } from './api-version.js'
import type { AzureOpenAIServerState } from './azure-openai-server-state.js'
import { type FilterMatch, findFiltered } from './content-filter.js'

/** How answers are filtered for one request. */
export type FilterMode = AzureOpenAIServerState['contentFilter']

/** A sample, cut where the content filter stops it. */
export interface FilteredPlan {
  readonly plan: OutputPlan
  /** What stopped it. */
  readonly match: FilterMatch | undefined
}

/** The asynchronous filter runs behind: so many more characters, at most, get out before it stops an answer. */
const asynchronousLag = 1_000

/** The mode for a request: versions from before the asynchronous filter know the default one only. */
export function filterMode({ contentFilter }: AzureOpenAIServerState, version: ApiVersion): FilterMode {
  const isTooOld = contentFilter === 'asynchronous' && !hasFeature(version, 'asynchronousFilter')
  return isTooOld ? 'default' : contentFilter
}

/** The mode for what is not a stream of chat: the asynchronous filter is for that alone. */
export function synchronousMode(mode: FilterMode): FilterMode {
  return mode === 'asynchronous' ? 'default' : mode
}

/** Stops a sample at its first filtered word, or somewhat later. */
export function filterPlan(plan: OutputPlan, mode: FilterMode, state: AzureOpenAIServerState): FilteredPlan {
  if (mode === 'off' || mode === 'unavailable') return { plan, match: undefined }
  const match = findFiltered(textOf(plan.pieces, 'content'), 'answer', state)
  if (match === undefined) return { plan, match }
  const end = match.start + (mode === 'asynchronous' ? asynchronousLag : 0)
  return { plan: { ...plan, pieces: piecesUpTo(plan, end), finishReason: 'content_filter' }, match }
}

function piecesUpTo({ pieces }: OutputPlan, end: number): OutputPlan['pieces'] {
  let length = 0
  const kept = pieces.findIndex(({ kind, text }) => {
    length += kind === 'content' ? text.length : 0
    return length > end
  })
  return kept < 0 ? pieces : pieces.slice(0, kept)
}
