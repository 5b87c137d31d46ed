import type { Deployment } from '../deployment.js'
import type { Replica } from '../routing/replica.js'
import type { ClientStats, DeploymentStats, ReplicaStats } from './client-stats.js'

/** What a snapshot is made of. */
export interface StatsSource extends Omit<ClientStats, 'deployments'> {
  readonly deployments: ReadonlyMap<string, Deployment>
}

/** Takes the snapshot. */
export function describeStats({ deployments, ...rest }: StatsSource): ClientStats {
  const described = Array.from(deployments, ([name, deployment]) => [name, describeDeployment(deployment)] as const)
  return freezeDeeply({ ...rest, deployments: Object.fromEntries(described) })
}

function describeDeployment(deployment: Deployment): DeploymentStats {
  const { platform, model, retryBudget, queued, rateLimit, replicas } = deployment
  return {
    platform,
    model,
    queued,
    retryBudget: Math.floor(retryBudget.available),
    ...(rateLimit !== undefined && { rateLimit }),
    replicas: replicas.map(describeReplica),
  }
}

function describeReplica({ shownEndpoint, circuit, inFlight, statistics }: Replica): ReplicaStats {
  const { answers, failures, errors, tokens } = statistics
  return {
    ...(shownEndpoint !== undefined && { endpoint: shownEndpoint }),
    circuit: circuit.state,
    inFlight,
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

function freezeDeeply<Value extends object>(value: Value): Value {
  for (const member of Object.values(value)) if (typeof member === 'object' && member !== null) freezeDeeply(member)
  return Object.freeze(value)
}
