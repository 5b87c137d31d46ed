import { type AdapterCall, type AdapterResponse, type ModelAdapter, RateLimitError } from '@duo-models/adapters'
import { Call } from '../call.js'
import type { Deployment } from '../deployment.js'
import type { ModelRequest } from '../model-request.js'
import { RateLimiter, type RateLimits } from '../scheduling/rate-limiter.js'
import { RequestSender } from '../send-request.js'
import { RetryPolicy } from '../steps/retry-policy.js'
import { CountingServer } from './counting-server.js'
import { seededRandom } from './seeded-random.js'
import { createSimulatedDeployment } from './simulated-deployment.js'
import { VirtualClock } from './virtual-clock.js'

/** Callers that send as fast as they may, and a server that counts. */
export interface RateLimitScenario {
  /** Calls under way or waiting, all the time, of all clients together. */
  readonly concurrency: number
  readonly minutes: number
  /** What the server allows. */
  readonly limits: RateLimits
  /** From where the clients know the limits; with `refusals` the server never names them. */
  readonly learntFrom: 'configuration' | 'headers' | 'refusals'
  /** Clients that share the limits and know nothing of one another. @default 1 */
  readonly clients?: number
  /** Half way the server's limits become this part of them. @default 1 */
  readonly laterShare?: number
  /** When a head of an answer is sent: as the request arrives, as streams do, or with the answer. @default 'with-answer' */
  readonly heads?: 'at-once' | 'with-answer'
  readonly maxOutputTokens?: number
  /** The server counts `maxOutputTokens` when a request arrives, as Azure does, and not the answer. @default false */
  readonly countsInAdvance?: boolean
  readonly seed: number
}

/** What the server counted, after a first minute of learning. */
export interface RateLimitResult {
  /** Tokens used of those allowed. */
  readonly tokenUse: number
  /** Requests used of those allowed. */
  readonly requestUse: number
  /** The most any minute, wherever it begins, was over the limit of tokens, as a share of it. */
  readonly overshoot: number
  readonly accepted: number
  /** From the very first request on. */
  readonly refused: number
}

const unlimited = Number.POSITIVE_INFINITY
const noLimits = { firstTokenMs: unlimited, interTokenMs: unlimited, totalMs: unlimited }

/** Sends through the client's own loop to a server that counts every minute, in virtual time. */
export async function simulateRateLimit(scenario: RateLimitScenario): Promise<RateLimitResult> {
  const clock = new VirtualClock()
  const random = seededRandom(scenario.seed)
  const { limits, minutes, clients = 1, concurrency, laterShare = 1, countsInAdvance = false } = scenario
  const endMs = (minutes + 1) * 60_000
  const changeMs = (endMs + 60_000) / 2
  const { maxOutputTokens } = scenario
  const server = new CountingServer({ limits, laterShare, changeMs, maxOutputTokens, countsInAdvance, clock, random })
  const deployments = Array.from({ length: clients }, () => createDeployment(server, scenario, clock, random))
  const policy = new RetryPolicy({ maxAttempts: 3, maxRetryAfterMs: 60_000 })
  const work = async (deployment: Deployment): Promise<void> => {
    while (clock.now() < endMs) {
      const call = new Call({ requestId: 'x', limits: noLimits, signal: undefined, clock })
      const request = randomRequest(random, scenario.maxOutputTokens)
      const sender = new RequestSender(request, 'whole', call, policy, ({ connection, prepared, call: attempt }) =>
        connection.generate(prepared.request, attempt),
      )
      await sender.send([deployment]).then(
        (sent) => sent.permit.release(undefined, sent.result.usage),
        () => {},
      )
      call.end()
    }
  }
  for (let caller = 0; caller < concurrency; caller += 1) void work(deployments[caller % clients] as Deployment)
  await clock.run(endMs)
  return server.judge(endMs)
}

const charactersPerToken = 4.2

function randomRequest(random: () => number, maxOutputTokens: number | undefined): ModelRequest {
  const length = Math.ceil(1_000 + 8_000 * random())
  return { feature: 'duo-chat', messages: [{ role: 'user', content: 'x'.repeat(length) }], maxOutputTokens }
}

function createDeployment(
  server: CountingServer,
  { limits, learntFrom, heads = 'with-answer' }: RateLimitScenario,
  clock: VirtualClock,
  random: () => number,
): Deployment {
  const generate = async (characters: number, call: AdapterCall): Promise<AdapterResponse> => {
    const inputTokens = Math.ceil((characters / charactersPerToken) * (0.8 + 0.4 * random()))
    const listener = learntFrom === 'headers' ? call : undefined
    const outcome = server.take(inputTokens)
    if (heads === 'at-once' || outcome.isRefused) listener?.onServerReport?.({ rateLimit: outcome.rateLimit })
    if (outcome.isRefused) throw new RateLimitError({ message: 'Too many.', retryAfterMs: 1_000 })
    await clock.sleep(400 + outcome.outputTokens * 15)
    if (heads === 'with-answer') listener?.onServerReport?.({ rateLimit: outcome.rateLimit })
    return { ...answer, usage: { inputTokens, outputTokens: outcome.outputTokens } }
  }
  const adapter: ModelAdapter = {
    platform: 'simulated',
    connect: () => ({
      generate: (request, call) =>
        generate(request.kind === 'chat' ? (request.messages[0]?.content?.length ?? 0) : 0, call),
      stream: () => {
        throw new RangeError('The simulation sends for whole answers.')
      },
      close: async () => {},
    }),
  }
  return createSimulatedDeployment({
    adapter,
    endpoints: ['http://127.0.0.1:1/v1'],
    maxConnections: 256,
    limiter: new RateLimiter(learntFrom === 'configuration' ? limits : {}),
    maxQueued: 10_000,
    clock,
    random,
  })
}

const answer: Omit<AdapterResponse, 'usage'> = {
  id: '1',
  model: 'simulated',
  text: 'Hello',
  toolCalls: [],
  finishReason: { unified: 'stop', raw: 'stop' },
}
