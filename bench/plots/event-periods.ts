import type { NoisyNeighbourEvent, SimulationEvent } from '@duo-models/emulator/simulation'

/** A time during which something is the matter with a server. */
export interface EventPeriod {
  readonly fromMs: number
  readonly toMs: number
}

/** When servers were slower or fewer, from the events that made them so; up to the end of a run. */
export function eventPeriods(events: readonly SimulationEvent[], endMs: number): readonly EventPeriod[] {
  return events.flatMap((event) => {
    if (event.kind === 'noisy-neighbour') return repeatedPeriods(event, endMs)
    const isBad = event.kind === 'replica-down' || (event.kind === 'capacity' && event.share < 1)
    return isBad ? [{ fromMs: event.atMs, toMs: nextOf(event, events, endMs) }] : []
  })
}

function repeatedPeriods(
  { atMs, everyMs, lastsMs, untilMs = Number.POSITIVE_INFINITY }: NoisyNeighbourEvent,
  runEndMs: number,
): readonly EventPeriod[] {
  const endMs = Math.min(untilMs, runEndMs)
  const periods: EventPeriod[] = []
  for (let fromMs = atMs; fromMs < endMs; fromMs += everyMs)
    periods.push({ fromMs, toMs: Math.min(endMs, fromMs + lastsMs) })
  return periods
}

/** When the next thing happens to the same replica. */
function nextOf({ atMs, replica }: SimulationEvent, events: readonly SimulationEvent[], endMs: number): number {
  const later = events.filter((event) => event.atMs > atMs && event.replica === replica)
  return Math.min(endMs, ...later.map((event) => event.atMs))
}
