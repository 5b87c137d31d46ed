import { LeastLoaded } from './least-loaded.js'
import { PrefixAffinity } from './prefix-affinity.js'
import { RoundRobin } from './round-robin.js'
import type { RouteCandidate, RoutingStrategy } from './routing-strategy.js'

/** How the replicas of a deployment share its requests. */
export type Routing = 'prefix-affinity' | 'least-loaded' | 'round-robin'

/** Every way there is. */
export const routings: readonly Routing[] = ['prefix-affinity', 'least-loaded', 'round-robin']

/** Makes the strategy of one deployment. */
export function createRouting<Candidate extends RouteCandidate>(routing: Routing): RoutingStrategy<Candidate> {
  switch (routing) {
    case 'prefix-affinity':
      return new PrefixAffinity()
    case 'least-loaded':
      return new LeastLoaded()
    case 'round-robin':
      return new RoundRobin()
  }
}
