import type { ReadyPiece } from '../output/run-plans.js'
import type { AzureOpenAIServerState } from './azure-openai-server-state.js'
import { type FilterMatch, filterResults } from './content-filter.js'
import type { DeploymentExchange } from './deployment-exchange.js'

/** What has been written and annotated of one sample, in characters. */
interface Progress {
  written: number
  annotated: number
}

/** So many characters are annotated at once. */
const stretch = 150

/**
 * The asynchronous filter's chunks: annotations without a `delta`, for a stretch of text that has been delivered already.
 * Their id and model are empty, and their finish reason is null unless they stop the answer.
 */
export class AsynchronousAnnotations {
  readonly #state: AzureOpenAIServerState
  readonly #progress = new Map<number, Progress>()

  constructor(state: AzureOpenAIServerState) {
    this.#state = state
  }

  /** After a token: annotates when enough has been written. */
  async advance({ index, piece }: ReadyPiece, exchange: DeploymentExchange): Promise<void> {
    if (piece.kind !== 'content') return
    const progress = this.#progressOf(index)
    progress.written += piece.text.length
    if (progress.written - progress.annotated >= stretch) await this.#annotate(index, undefined, exchange)
  }

  /** After a sample: annotates the rest, and says so if the filter has stopped it. */
  async finish(index: number, match: FilterMatch | undefined, exchange: DeploymentExchange): Promise<void> {
    await this.#annotate(index, match?.category, exchange)
  }

  async #annotate(
    index: number,
    found: FilterMatch['category'] | undefined,
    { exchange }: DeploymentExchange,
  ): Promise<void> {
    const progress = this.#progressOf(index)
    const chunk = {
      id: '',
      object: '',
      created: 0,
      model: '',
      choices: [
        {
          index,
          finish_reason: found === undefined ? null : 'content_filter',
          content_filter_results: filterResults('answer', this.#state, found),
          content_filter_offsets: {
            check_offset: progress.annotated,
            start_offset: progress.annotated,
            end_offset: progress.written,
          },
        },
      ],
    }
    progress.annotated = progress.written
    await exchange.reply.write(`data: ${JSON.stringify(chunk)}\n\n`)
  }

  #progressOf(index: number): Progress {
    const known = this.#progress.get(index) ?? { written: 0, annotated: 0 }
    this.#progress.set(index, known)
    return known
  }
}
