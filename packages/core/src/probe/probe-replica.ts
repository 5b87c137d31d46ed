import { type AdapterConnection, DuoModelError, type EndpointReport, type Timing } from '@duo-models/adapters'
import type { Call } from '../call.js'
import type { Deployment } from '../deployment.js'
import type { Replica } from '../routing/replica.js'
import { asDuoModelError } from '../send-request.js'
import { measureSpeed } from './measure-speed.js'
import type { ProbeSettings } from './read-probe-options.js'

/** What one replica said, before it is judged. */
export interface ReplicaAnswers extends EndpointReport {
  /** What became of the tiny request; absent where none was sent. */
  readonly speed?: Timing | DuoModelError
}

/** Runs a piece of work as a call of the client, within a limit of time. */
export type RunCall = <Result>(limitMs: number, work: (call: Call) => Promise<Result>) => Promise<Result>

/**
 * Asks one replica what it is, and then, unless that shows that it cannot answer, for a tiny answer. Failures are part
 * of what is returned.
 * @throws AbortedError when the caller gave up
 */
export async function probeReplica(
  deployment: Deployment,
  replica: Replica,
  settings: ProbeSettings,
  run: RunCall,
): Promise<ReplicaAnswers> {
  const { timeoutMs, request } = settings
  const connect = async (): Promise<AdapterConnection> => replica.connect(await deployment.adapter())
  const link = await orFailure(
    deployment,
    run(timeoutMs, (call) => call.wait(connect())),
  )
  if (DuoModelError.is(link)) return { isReachable: false, problems: [link] }
  const report = await askEndpoint(deployment, link, timeoutMs, run)
  if (!request || cannotAnswer(report)) return report ?? { isReachable: false, problems: [] }
  const speed = await orFailure(
    deployment,
    run(timeoutMs, (call) => measureSpeed(deployment, link, call)),
  )
  return { ...(report ?? reportOf(speed)), speed }
}

async function askEndpoint(
  deployment: Deployment,
  connection: AdapterConnection,
  timeoutMs: number,
  run: RunCall,
): Promise<EndpointReport | undefined> {
  if (connection.probe === undefined) return undefined
  // The adapter limits its own questions; an adapter that does not cannot hold the probe.
  const asked = run(2 * timeoutMs, (call) => {
    const { signal } = call.startAttempt()
    return call.wait(connection.probe?.({ signal, timeoutMs }) ?? Promise.resolve(undefined))
  })
  const report = await orFailure(deployment, asked)
  return DuoModelError.is(report) ? { isReachable: false, problems: [report] } : report
}

function cannotAnswer(report: EndpointReport | undefined): boolean {
  if (report === undefined) return false
  return !report.isReachable || report.isAuthorised === false || report.isModelServed === false
}

/** What the tiny request alone tells about an endpoint that cannot be asked. */
function reportOf(speed: Timing | DuoModelError): EndpointReport {
  if (!DuoModelError.is(speed)) return { isReachable: true, isAuthorised: true, isModelServed: true, problems: [] }
  const { code, status } = speed
  const isReachable = status !== undefined || (code !== 'connection' && code !== 'timeout' && code !== 'configuration')
  return {
    isReachable,
    ...((code === 'authentication' || code === 'permission') && { isAuthorised: false }),
    ...(code === 'model-not-found' && { isModelServed: false }),
    problems: isReachable ? [] : [speed],
  }
}

async function orFailure<Result>(deployment: Deployment, work: Promise<Result>): Promise<Result | DuoModelError> {
  try {
    return await work
  } catch (error) {
    const failure = asDuoModelError(error, deployment.platform)
    if (failure.code === 'aborted') throw failure
    return failure.addContext({ deployment: deployment.name, platform: deployment.platform })
  }
}
