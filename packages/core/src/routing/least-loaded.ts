import type { ModelRequest } from '../model-request.js'
import type { RouteCandidate, RoutingStrategy } from './routing-strategy.js'

/** The replica with the fewest requests under way. Ties go round, so that an idle set of replicas shares the work. */
export class LeastLoaded<Candidate extends RouteCandidate> implements RoutingStrategy<Candidate> {
  #turn = 0

  pick(candidates: readonly Candidate[], _request: ModelRequest, now: number): Candidate {
    const count = candidates.length
    this.#turn = (this.#turn + 1) % count
    let best = candidates[this.#turn] as Candidate
    let leastLoad = best.load(now)
    for (let step = 1; step < count; step++) {
      const candidate = candidates[(this.#turn + step) % count] as Candidate
      const load = candidate.load(now)
      if (load >= leastLoad) continue
      best = candidate
      leastLoad = load
    }
    return best
  }
}
