import type { RouteCandidate, RoutingStrategy } from './routing-strategy.js'

/** Each replica in its turn, whatever its load. */
export class RoundRobin<Candidate extends RouteCandidate> implements RoutingStrategy<Candidate> {
  #turn = 0

  pick(candidates: readonly Candidate[]): Candidate {
    this.#turn = (this.#turn + 1) % candidates.length
    return candidates[this.#turn] as Candidate
  }
}
