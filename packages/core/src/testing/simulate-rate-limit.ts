import { type AdapterResponse, type ModelAdapter, RateLimitError } from '@duo-models/adapters'
import { Call } from '../call.js'
import { Deployment } from '../deployment.js'
import type { ModelRequest } from '../model-request.js'
import { RateLimiter, type RateLimits } from '../scheduling/rate-limiter.js'
import { RequestSender } from '../send-request.js'
import { RetryPolicy } from '../steps/retry-policy.js'
import { seededRandom } from './seeded-random.js'
import { VirtualClock } from './virtual-clock.js'

/** Callers that send as fast as they may, and a server that counts. */
export interface RateLimitScenario {
  /** Calls under way or waiting, all the time. */
  readonly concurrency: number
  readonly minutes: number
  /** What the server allows. */
  readonly limits: RateLimits
  /** Whether the client knows the limits; else it learns from refusals alone. */
  readonly isConfigured: boolean
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
  readonly refused: number
}

interface Counted {
  readonly at: number
  readonly tokens: number
}

const unlimited = Number.POSITIVE_INFINITY
const noLimits = { firstTokenMs: unlimited, interTokenMs: unlimited, totalMs: unlimited }
const outputMean = 300

/** Sends through the client's own loop to a server that counts every minute, in virtual time. */
export async function simulateRateLimit(scenario: RateLimitScenario): Promise<RateLimitResult> {
  const clock = new VirtualClock()
  const random = seededRandom(scenario.seed)
  const server = new CountingServer(scenario.limits, clock, random)
  const deployment = createDeployment(server, scenario, clock, random)
  const policy = new RetryPolicy({ maxAttempts: 3, maxRetryAfterMs: 60_000 })
  const endMs = (scenario.minutes + 1) * 60_000
  const work = async (): Promise<void> => {
    while (clock.now() < endMs) {
      const call = new Call({ requestId: 'x', limits: noLimits, signal: undefined, clock })
      const request = randomRequest(random)
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
  for (let caller = 0; caller < scenario.concurrency; caller += 1) void work()
  await clock.run(endMs)
  return server.judge(endMs)
}

/** Counts what a request really needs, when it arrives; refuses what is over the limit of the last minute. */
class CountingServer {
  readonly #limits: RateLimits
  readonly #clock: VirtualClock
  readonly #random: () => number
  readonly #counted: Counted[] = []
  #first = 0
  #tokens = 0
  #refused = 0
  #mostTokens = 0

  constructor(limits: RateLimits, clock: VirtualClock, random: () => number) {
    this.#limits = limits
    this.#clock = clock
    this.#random = random
  }

  async generate(inputTokens: number): Promise<AdapterResponse> {
    const now = this.#clock.now()
    const { requestsPerMinute = unlimited, tokensPerMinute = unlimited } = this.#limits
    this.#forget(now)
    // One refusal over the limit is one too many for the requests; tokens are only known when they were generated.
    if (this.#counted.length - this.#first >= requestsPerMinute || this.#tokens > tokensPerMinute * 1.02) {
      this.#refused += 1
      throw new RateLimitError({ message: 'Too many.', retryAfterMs: 1_000 })
    }
    const outputTokens = Math.ceil(outputMean * -Math.log(1 - this.#random()))
    const tokens = inputTokens + outputTokens
    this.#counted.push({ at: now, tokens })
    this.#tokens += tokens
    if (now >= 120_000) this.#mostTokens = Math.max(this.#mostTokens, this.#tokens)
    await this.#clock.sleep(400 + outputTokens * 15)
    return { ...answer, usage: { inputTokens, outputTokens } }
  }

  judge(endMs: number): RateLimitResult {
    const measured = this.#counted.filter(({ at }) => at >= 60_000 && at < endMs)
    const minutes = (endMs - 60_000) / 60_000
    const tokens = measured.reduce((sum, each) => sum + each.tokens, 0)
    const { requestsPerMinute = unlimited, tokensPerMinute = unlimited } = this.#limits
    return {
      tokenUse: tokens / minutes / tokensPerMinute,
      requestUse: measured.length / minutes / requestsPerMinute,
      overshoot: Math.max(0, this.#mostTokens / tokensPerMinute - 1),
      accepted: measured.length,
      refused: this.#refused,
    }
  }

  #forget(now: number): void {
    for (let next = this.#counted[this.#first]; next && next.at <= now - 60_000; next = this.#counted[this.#first]) {
      this.#tokens -= next.tokens
      this.#first += 1
    }
  }
}

const charactersPerToken = 4.2

function randomRequest(random: () => number): ModelRequest {
  const length = Math.ceil(1_000 + 8_000 * random())
  return { feature: 'duo-chat', messages: [{ role: 'user', content: 'x'.repeat(length) }] }
}

function createDeployment(
  server: CountingServer,
  { limits, isConfigured }: RateLimitScenario,
  clock: VirtualClock,
  random: () => number,
): Deployment {
  const adapter: ModelAdapter = {
    platform: 'simulated',
    connect: () => ({
      generate: (request) => {
        const characters = request.kind === 'chat' ? (request.messages[0]?.content?.length ?? 0) : 0
        return server.generate(Math.ceil((characters / charactersPerToken) * (0.8 + 0.4 * random())))
      },
      stream: () => {
        throw new RangeError('The simulation sends for whole answers.')
      },
      close: async () => {},
    }),
  }
  return new Deployment(
    {
      name: 'simulated',
      platform: 'simulated',
      modelName: 'simulated',
      servedModelName: 'simulated',
      endpoints: ['http://127.0.0.1:1/v1'],
      settings: { platform: 'vllm', model: 'simulated', endpoint: 'http://127.0.0.1:1/v1' },
    },
    {
      context: { connectTimeoutMs: 5_000, maxConnections: 256 },
      loadAdapter: () => Promise.resolve(adapter),
      circuit: { failureThreshold: 5, ejectionMs: 1_000, maxEjectionMs: 30_000 },
      concurrency: 'adaptive',
      routing: 'least-loaded',
      limiter: isConfigured ? new RateLimiter(limits) : undefined,
      maxQueued: 10_000,
      maxRetryAfterMs: 60_000,
      retryBudgetRatio: 0.1,
      clock,
      random,
    },
  )
}

const answer: Omit<AdapterResponse, 'usage'> = {
  id: '1',
  model: 'simulated',
  text: 'Hello',
  toolCalls: [],
  finishReason: { unified: 'stop', raw: 'stop' },
}
