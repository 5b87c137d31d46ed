/** What all events have in common. */
interface EventBase {
  /** When it happens, in milliseconds from the start. */
  readonly atMs: number
  /** Which replica it happens to, from 0. Default: all of them. */
  readonly replica?: number | undefined
}

/** A replica gets faster or slower: another tenant, a throttled card, a degraded link. */
export interface CapacityEvent extends EventBase {
  readonly kind: 'capacity'
  /** Speed from then on, as a share of the machine's own: 0.25 makes every step take four times as long, 1 ends it. */
  readonly share: number
}

/** Somebody else uses the machine again and again. */
export interface NoisyNeighbourEvent extends EventBase {
  readonly kind: 'noisy-neighbour'
  /** When the last period ends, in milliseconds. Default: never. */
  readonly untilMs?: number | undefined
  /** From the beginning of one period to that of the next, in milliseconds. */
  readonly everyMs: number
  /** How long a period lasts, in milliseconds. */
  readonly lastsMs: number
  /** How many times as long steps take that begin in a period. */
  readonly slowdown: number
}

/** A replica is lost: everything in it fails, and it refuses requests until it is back, with an empty cache. */
export interface ReplicaDownEvent extends EventBase {
  readonly kind: 'replica-down'
}

/** A replica is back. */
export interface ReplicaUpEvent extends EventBase {
  readonly kind: 'replica-up'
}

/** Something that happens to the servers while a simulation runs. */
export type SimulationEvent = CapacityEvent | NoisyNeighbourEvent | ReplicaDownEvent | ReplicaUpEvent

/** How many times as long a step of a replica takes that begins at a time. */
export function slowdownAt(events: readonly SimulationEvent[], replica: number, timeMs: number): number {
  let share = 1
  let slowdown = 1
  for (const event of events) {
    if (event.atMs > timeMs || (event.replica ?? replica) !== replica) continue
    if (event.kind === 'capacity') share = event.share
    if (event.kind === 'noisy-neighbour' && timeMs < (event.untilMs ?? Number.POSITIVE_INFINITY))
      slowdown *= (timeMs - event.atMs) % event.everyMs < event.lastsMs ? event.slowdown : 1
  }
  return slowdown / share
}
