import { ConnectionError, DuoModelError, OverloadedError, ServerError, TimeoutError } from '@duo-models/adapters'
import type { Replica } from '../routing/replica.js'

/**
 * The error of a request that is not sent because every replica failed lately. It has the code of what they failed with,
 * so that callers need no further case; its phase is `queue`.
 * @param replicas those of the deployment, all with an open circuit
 */
export function circuitOpenError(deployment: string, replicas: readonly Replica[], now: number): DuoModelError {
  const circuits = replicas.map(({ circuit }) => circuit)
  const failingForMs = now - Math.min(...circuits.map(({ failingSince }) => failingSince))
  const nextProbeMs = Math.max(0, Math.min(...circuits.map(({ probeAt }) => probeAt)) - now)
  const cause = circuits.find(({ lastFailure }) => lastFailure !== undefined)?.lastFailure
  const since = new Date(Date.now() - failingForMs).toISOString()
  const who = replicas.length === 1 ? 'its endpoint has' : `all its ${replicas.length} endpoints have`
  const message =
    `Deployment '${deployment}' was not asked: ${who} failed since ${since} (${seconds(failingForMs)}). ` +
    `The next attempt is made in ${seconds(nextProbeMs)} or as soon as the one under way has an answer. ` +
    `The last failure: ${cause?.message ?? 'unknown'}`
  return createLike(cause, { message, phase: 'queue', retryable: true, retryAfterMs: Math.ceil(nextProbeMs), cause })
}

type Options = ConstructorParameters<typeof ConnectionError>[0]

function createLike(cause: DuoModelError | undefined, options: Options): DuoModelError {
  if (DuoModelError.is(cause, 'timeout'))
    return new TimeoutError({ ...options, which: cause.which, timeoutMs: cause.timeoutMs })
  if (cause?.code === 'overloaded') return new OverloadedError(options)
  if (cause?.code === 'server' || cause?.code === 'stream-interrupted') return new ServerError(options)
  return new ConnectionError(options)
}

function seconds(durationMs: number): string {
  return `${(durationMs / 1_000).toFixed(durationMs < 10_000 ? 1 : 0)} s`
}
