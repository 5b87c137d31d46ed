import { DuoModelError } from '@duo-models/adapters'
import type { ResolvedDeployment } from '@duo-models/rules'
import type { Deployment } from '../deployment.js'
import type { Replica } from '../routing/replica.js'
import { judgeAnswers } from './judge-answers.js'
import { probeReplica, type ReplicaAnswers, type RunCall } from './probe-replica.js'
import type { ProbeFinding, ProbeReport, ReplicaProbe } from './probe-report.js'
import type { ProbeSettings } from './read-probe-options.js'

/** A deployment to ask, and what the configuration says about it. */
export interface ProbeTarget {
  readonly deployment: Deployment
  readonly configured: ResolvedDeployment
}

interface Probed {
  readonly probe: ReplicaProbe
  readonly findings: readonly ProbeFinding[]
}

/** Asks all replicas at once and judges what they say. */
export async function probeDeployments(
  targets: readonly ProbeTarget[],
  settings: ProbeSettings,
  run: RunCall,
): Promise<ProbeReport> {
  const probed = await Promise.all(
    targets.map(async (target) => {
      const { replicas } = target.deployment
      return Promise.all(replicas.map((replica) => probe(target, replica, settings, run)))
    }),
  )
  const findings = probed.flat().flatMap((each) => each.findings)
  const named = targets.map(({ deployment }, index) => [
    deployment.name,
    (probed[index] ?? []).map((each) => each.probe),
  ])
  return {
    ok: findings.every(({ severity }) => severity !== 'error'),
    findings,
    deployments: Object.fromEntries(named) as ProbeReport['deployments'],
  }
}

async function probe(
  { deployment, configured }: ProbeTarget,
  replica: Replica,
  settings: ProbeSettings,
  run: RunCall,
): Promise<Probed> {
  const answers = await probeReplica(deployment, replica, settings, run)
  const endpoint = replica.shownEndpoint === undefined ? {} : { endpoint: replica.shownEndpoint }
  const judgements = judgeAnswers(answers, configured)
  return {
    probe: { ...endpoint, ...describeAnswers(answers) },
    findings: judgements.map((judgement) => ({ ...judgement, deployment: deployment.name, ...endpoint })),
  }
}

function describeAnswers({ speed, problems, ...report }: ReplicaAnswers): ReplicaProbe {
  const failed = DuoModelError.is(speed) && !problems.includes(speed) ? [speed] : []
  return {
    ...report,
    ...(speed !== undefined && describeSpeed(speed)),
    problems: [...problems, ...failed].map((problem) => problem.toJSON()),
  }
}

function describeSpeed(speed: NonNullable<ReplicaAnswers['speed']>): Partial<ReplicaProbe> {
  if (DuoModelError.is(speed)) return { isStreaming: false }
  const { schedulerQueueTimeMs: _queue, ...times } = speed
  return { isStreaming: true, ...times }
}
