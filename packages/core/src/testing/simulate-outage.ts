import { type AdapterResponse, ConnectionError, type DuoModelError, type ModelAdapter } from '@duo-models/adapters'
import { Call } from '../call.js'
import type { Deployment } from '../deployment.js'
import type { ModelRequest } from '../model-request.js'
import { RequestSender } from '../send-request.js'
import { RetryPolicy } from '../steps/retry-policy.js'
import { seededRandom } from './seeded-random.js'
import { createSimulatedDeployment } from './simulated-deployment.js'
import { VirtualClock } from './virtual-clock.js'

/** A replica that answers after a while, or fails at once. */
export interface SimulatedReplica {
  /** How long an answer takes. */
  readonly answerMs: number
  /** How long a failure takes. */
  readonly failureMs: number
  readonly isUp: (nowMs: number) => boolean
}

/** What happens to a client. */
export interface OutageScenario {
  /** One list for each deployment of the feature, in their order. */
  readonly deployments: readonly (readonly SimulatedReplica[])[]
  readonly requestsPerSecond: number
  readonly durationMs: number
  /** `Infinity` for a client without circuits. */
  readonly failureThreshold?: number
  readonly seed?: number
}

/** What came of it. */
export interface OutageResult {
  readonly requests: number
  readonly succeeded: number
  /** Requests that were sent, for each deployment and replica. */
  readonly attempts: readonly (readonly number[])[]
  readonly totalAttempts: number
  /** How long calls took that failed, in virtual milliseconds. */
  readonly failureTimesMs: readonly number[]
  readonly lastFailure: DuoModelError | undefined
  /** When answers came. */
  readonly succeededAt: readonly number[]
}

const request: ModelRequest = { feature: 'duo-chat', messages: [{ role: 'user', content: 'Hello' }] }
const retry = { maxAttempts: 3, maxRetryAfterMs: 60_000 }
const noLimits = {
  firstTokenMs: Number.POSITIVE_INFINITY,
  interTokenMs: Number.POSITIVE_INFINITY,
  totalMs: Number.POSITIVE_INFINITY,
}

/** Sends requests through the client's own loop, retries and circuits, in virtual time. */
export async function simulateOutage(scenario: OutageScenario): Promise<OutageResult> {
  const clock = new VirtualClock()
  const random = seededRandom(scenario.seed ?? 1)
  const attempts = scenario.deployments.map((replicas) => replicas.map(() => 0))
  const deployments = scenario.deployments.map((_, index) => createDeployment(index, scenario, attempts, clock, random))
  const policy = new RetryPolicy(retry)
  const failureTimesMs: number[] = []
  const succeededAt: number[] = []
  let lastFailure: DuoModelError | undefined
  let requests = 0

  const send = async (): Promise<void> => {
    const call = new Call({ requestId: String(requests), limits: noLimits, signal: undefined, clock })
    const sender = new RequestSender(request, 'whole', call, policy, (attempt) =>
      attempt.connection.generate(attempt.prepared.request, attempt.call),
    )
    try {
      const sent = await sender.send(deployments)
      sent.permit.release()
      succeededAt.push(clock.now())
    } catch (error) {
      lastFailure = error as DuoModelError
      failureTimesMs.push(call.elapsedMs())
    }
    call.end()
  }
  const arrive = (): void => {
    requests += 1
    void send()
    const wait = 1_000 / scenario.requestsPerSecond
    if (clock.now() + wait < scenario.durationMs) clock.setTimer(wait, arrive)
  }
  clock.setTimer(0, arrive)
  await clock.run()
  const totalAttempts = attempts.flat().reduce((sum, count) => sum + count, 0)
  return {
    requests,
    succeeded: succeededAt.length,
    attempts,
    totalAttempts,
    failureTimesMs,
    lastFailure,
    succeededAt,
  }
}

function createDeployment(
  index: number,
  { deployments, failureThreshold = 5 }: OutageScenario,
  attempts: number[][],
  clock: VirtualClock,
  random: () => number,
): Deployment {
  const replicas = deployments[index] ?? []
  const counts = attempts[index] ?? []
  const adapter: ModelAdapter = {
    platform: 'simulated',
    connect: ({ endpoint }) => {
      const number = Number(endpoint)
      const replica = replicas[number] as SimulatedReplica
      return {
        generate: async () => {
          counts[number] = (counts[number] ?? 0) + 1
          const isUp = replica.isUp(clock.now())
          await clock.sleep(isUp ? replica.answerMs : replica.failureMs)
          if (!isUp) throw new ConnectionError({ message: 'Nobody listens.' })
          return answer
        },
        stream: () => {
          throw new RangeError('The simulation sends for whole answers.')
        },
        close: async () => {},
      }
    },
  }
  return createSimulatedDeployment({
    name: `deployment-${index}`,
    adapter,
    endpoints: replicas.map((_, number) => String(number)),
    maxConnections: 256,
    maxQueued: 10_000,
    circuit: { failureThreshold, ejectionMs: 1_000, maxEjectionMs: 30_000 },
    clock,
    random,
  })
}

const answer: AdapterResponse = {
  id: '1',
  model: 'simulated',
  text: 'Hello',
  toolCalls: [],
  finishReason: { unified: 'stop', raw: 'stop' },
  usage: {},
}
