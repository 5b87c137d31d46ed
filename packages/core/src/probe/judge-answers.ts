import { DuoModelError } from '@duo-models/adapters'
import { comparePep440, parsePep440, type ResolvedDeployment } from '@duo-models/rules'
import type { ReplicaAnswers } from './probe-replica.js'
import type { ProbeFinding } from './probe-report.js'

/** A finding, but for where it is. */
export type Judgement = Omit<ProbeFinding, 'deployment' | 'endpoint'>

/** What is wrong with what a replica said, or not as the configuration says. The first reason it cannot answer stands alone. */
export function judgeAnswers(answers: ReplicaAnswers, configured: ResolvedDeployment): readonly Judgement[] {
  const failure = judgeReachability(answers) ?? judgeModel(answers, configured) ?? judgeRequest(answers)
  return [failure, judgeVersion(answers, configured), judgeContextLength(answers, configured)].filter(
    (judgement) => judgement !== undefined,
  )
}

function judgeReachability({ isReachable, isAuthorised, isHealthy, problems, speed }: ReplicaAnswers) {
  const cause = problems[0] ?? (DuoModelError.is(speed) ? speed : undefined)
  if (!isReachable) return error('probe-unreachable', `The server does not answer. ${cause?.message ?? ''}`.trim())
  if (isAuthorised === false) {
    const refusal = DuoModelError.is(speed) ? speed : problems.find(({ status }) => status === 401 || status === 403)
    return error('probe-unauthorised', refusal?.message ?? 'The server does not accept the credentials.', {
      description: 'Configure the key or the credentials that this server accepts.',
    })
  }
  if (isHealthy === false)
    return error('probe-unhealthy', 'The server says that it is not able to work: its health check fails.', {
      description: 'Look at the log of the server; an engine that has died needs a restart.',
    })
  return undefined
}

function judgeModel({ isModelServed, models }: ReplicaAnswers, { servedModelName }: ResolvedDeployment) {
  if (isModelServed !== false) return undefined
  const known = models === undefined || models.length === 0 ? '' : ` It answers to ${models.join(', ')}.`
  return error('probe-model-not-served', `The server does not answer to '${servedModelName}'.${known}`, {
    description: 'Use a name that the server answers to, or start it with this one.',
  })
}

function judgeRequest({ speed }: ReplicaAnswers) {
  return DuoModelError.is(speed) ? error('probe-request-failed', `A tiny request failed. ${speed.message}`) : undefined
}

function judgeVersion({ version }: ReplicaAnswers, { server }: ResolvedDeployment): Judgement | undefined {
  const stated = server?.version
  if (version === undefined || stated === undefined || isSameVersion(version, stated)) return undefined
  return {
    rule: 'probe-version-differs',
    severity: 'warning',
    message: `The server runs version ${version}, and the configuration says ${stated}.`,
    fix: { description: `Set \`server.version\` to ${version}, so that the rules judge the server there is.` },
  }
}

function isSameVersion(one: string, other: string): boolean {
  const [left, right] = [parsePep440(one), parsePep440(other)]
  return left === undefined || right === undefined ? one === other : comparePep440(left, right) === 0
}

function judgeContextLength({ maxModelLength }: ReplicaAnswers, { server }: ResolvedDeployment): Judgement | undefined {
  const stated = server?.maxModelLength
  if (maxModelLength === undefined || stated === undefined || maxModelLength >= stated) return undefined
  return {
    rule: 'probe-context-length-shorter',
    severity: 'warning',
    message: `The server takes ${maxModelLength} tokens of prompt and output together, and the configuration says ${stated}.`,
    fix: { description: 'Start the server with the `--max-model-len` of the configuration, or state the one it has.' },
  }
}

function error(rule: Judgement['rule'], message: string, fix?: NonNullable<Judgement['fix']>): Judgement {
  return { rule, severity: 'error', message, ...(fix && { fix }) }
}
