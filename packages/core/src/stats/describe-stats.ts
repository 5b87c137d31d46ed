import type { Deployment } from '../deployment.js'
import type { ReplicaHealth } from '../health/replica-health.js'
import type { Replica } from '../routing/replica.js'
import type { ClientStats, DeploymentStats, ReplicaHealthStats, ReplicaStats } from './client-stats.js'

/** What a snapshot is made of. */
export interface StatsSource extends Omit<ClientStats, 'deployments'> {
  /** Milliseconds of the client's clock. */
  readonly now: number
  readonly deployments: ReadonlyMap<string, Deployment>
}

/** Takes the snapshot. */
export function describeStats({ deployments, now, ...rest }: StatsSource): ClientStats {
  const described = Array.from(
    deployments,
    ([name, deployment]) => [name, describeDeployment(deployment, now)] as const,
  )
  return freezeDeeply({ ...rest, deployments: Object.fromEntries(described) })
}

function describeDeployment(deployment: Deployment, now: number): DeploymentStats {
  const { platform, model, retryBudget, dispatcher, replicas, replicaSet } = deployment
  const { queued, rateLimit } = dispatcher
  return {
    platform,
    model,
    queued,
    queuedByPriority: {
      interactive: dispatcher.queuedOf('interactive'),
      background: dispatcher.queuedOf('background'),
    },
    schedulerQueueTimeMs: dispatcher.queueTime.summarise(),
    retryBudget: Math.floor(retryBudget.available),
    ...(rateLimit !== undefined && { rateLimit }),
    draining: replicaSet.draining,
    replicas: replicas.map((replica) => describeReplica(replica, now)),
  }
}

function describeReplica(replica: Replica, now: number): ReplicaStats {
  const { shownEndpoint, circuit, health, inFlight, limit, background, statistics } = replica
  const { answers, failures, errors, tokens } = statistics
  return {
    ...(shownEndpoint !== undefined && { endpoint: shownEndpoint }),
    circuit: circuit.state,
    health: describeHealth(health, now),
    inFlight,
    backgroundInFlight: background.underWay,
    concurrencyLimit: limit.value,
    attempts: answers + failures + inFlight,
    answers,
    failures,
    errors,
    tokens,
    timeToFirstTokenMs: statistics.timeToFirstToken.summarise(),
    interTokenLatencyMs: statistics.interToken.summarise(),
    endToEndLatencyMs: statistics.endToEnd.summarise(),
  }
}

function describeHealth({ state, askedAt }: ReplicaHealth, now: number): ReplicaHealthStats {
  return askedAt === undefined ? { state } : { state, askedAgoMs: now - askedAt }
}

function freezeDeeply<Value extends object>(value: Value): Value {
  for (const member of Object.values(value)) if (typeof member === 'object' && member !== null) freezeDeeply(member)
  return Object.freeze(value)
}
