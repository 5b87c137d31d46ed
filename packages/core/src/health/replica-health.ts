/** What a server last said of itself; `unknown` where it was not asked, or does not say. */
export type HealthState = 'healthy' | 'unhealthy' | 'unknown'

/** What is known of a replica's health, and when it is asked; kept by the `HealthMonitor`. */
export class ReplicaHealth {
  state: HealthState = 'unknown'
  /** When it was asked last. */
  askedAt: number | undefined
  /** When it is asked next. */
  nextAt: number | undefined
  /** Failed checks since the last good one, and when they began. */
  failedInRow = 0
  failingSince = 0
  /** Failed checks since the replica is left alone. */
  failedWhileOpen = 0
  /** Whether its word takes the place of a request's: it was healthy once, and requests do not say otherwise. */
  isTrusted = false
  /** Whether a question is under way. */
  isAsked = false
  /** It is not asked: it has no such question, a gateway hides it, or it is wrong. */
  isSilent = false
}
