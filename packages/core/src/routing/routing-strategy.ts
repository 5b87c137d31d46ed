import type { ModelRequest } from '../model-request.js'

/** What a strategy chooses from. */
export interface RouteCandidate {
  /** Tells it from its siblings; the same in every process. */
  readonly id: string
  /** Requests under way there, and what counts as such. */
  load(now: number): number
}

/** Chooses the replica a request goes to. */
export interface RoutingStrategy<Candidate extends RouteCandidate> {
  /**
   * @param candidates at least one; those that may take a request now
   * @param now milliseconds of the client's clock
   */
  pick(candidates: readonly Candidate[], request: ModelRequest, now: number): Candidate
  /** These are no candidates any more: whatever is known about them goes. Default: nothing is known. */
  forget?(left: ReadonlySet<Candidate>): void
}
