import type { Replica } from './replica.js'

/**
 * The replica with the fewest requests under way. Ties go round, so that an idle set of replicas shares the work.
 * @param avoid replicas this call already failed on; used only where nothing else is left
 * @param turn counts up from call to call
 */
export function leastLoaded(replicas: readonly Replica[], avoid: ReadonlySet<Replica>, turn: number): Replica {
  const [only] = replicas
  if (replicas.length === 1 && only !== undefined) return only
  const [first, ...others] = preferred(replicas, avoid, turn)
  if (first === undefined) throw new RangeError('A deployment has at least one replica.')
  return others.reduce((best, replica) => (replica.inFlight < best.inFlight ? replica : best), first)
}

function preferred(replicas: readonly Replica[], avoid: ReadonlySet<Replica>, turn: number): Replica[] {
  const offset = turn % replicas.length
  const rotated = [...replicas.slice(offset), ...replicas.slice(0, offset)]
  const fresh = rotated.filter((replica) => !avoid.has(replica))
  return fresh.length > 0 ? fresh : rotated
}
