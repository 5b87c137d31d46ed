import {
  type AdapterConnection,
  ConnectionError,
  type DuoModelError,
  type ModelAdapter,
  OverloadedError,
} from '@duo-models/adapters'
import {
  createSimulation,
  type SimulatedRequest,
  type Simulation,
  type SimulationOptions,
} from '@duo-models/emulator/simulation'
import { Call } from '../call.js'
import type { Deployment } from '../deployment.js'
import type { ModelRequest } from '../model-request.js'
import type { AnswerKind, WantedAnswer } from '../scheduling/concurrency-limit.js'
import type { Permit } from '../scheduling/permit.js'
import type { Priority } from '../scheduling/priority.js'
import { RequestSender } from '../send-request.js'
import { RetryPolicy } from '../steps/retry-policy.js'
import { seededRandom } from './seeded-random.js'
import { createSimulatedDeployment } from './simulated-deployment.js'

/** Callers who always have something to ask, and simulated servers that answer as vLLM would. */
export interface ThroughputScenario {
  /** The servers. */
  readonly options: SimulationOptions
  /** What is asked, one after another, and again from the beginning. */
  readonly requests: readonly SimulatedRequest[]
  readonly concurrency: 'adaptive' | number
  /** @default 'stream' */
  readonly wanted?: WantedAnswer
  /** Whether answers say how many requests wait in the server, as those of vLLM do when asked. @default false */
  readonly reportsLoad?: boolean
  /** Answers before measuring begins. */
  readonly warmUpAnswers: number
  /** The run ends after so many answers, the first ones included. */
  readonly answers: number
  /** It ends by then in any case. */
  readonly maxMs: number
  readonly seed?: number
  /** Requests that come by themselves, beside those that come one after another. */
  readonly arrivals?: readonly Arrival[]
  /** What the callers' requests are. @default 'interactive' */
  readonly priority?: Priority
  /** Callers; 0 for arrivals alone. @default more than the servers can use */
  readonly callers?: number
}

/** A request that comes at its own time. */
export interface Arrival {
  readonly atMs: number
  readonly request: SimulatedRequest
}

/** What came of it, after the warm-up. */
export interface ThroughputResult {
  readonly outputTokensPerSecond: number
  readonly requestsPerSecond: number
  /** From sending to the first token, of the callers' requests; in order of time. */
  readonly firstTokenMs: readonly number[]
  /** The same from asking on, the wait on this side included, of requests that came by themselves. */
  readonly arrivalFirstTokenMs: readonly number[]
  /** Requests that failed for good, and attempts that were refused. */
  readonly failed: number
  readonly refused: number
  readonly measuredFromMs: number
  readonly endMs: number
  /** Over the whole run, one entry each {@link sampleMs}. */
  readonly samples: readonly ThroughputSample[]
}

/** A moment of the run. */
export interface ThroughputSample {
  readonly atMs: number
  /** The limits of all replicas together. */
  readonly limit: number
  /** Tokens that came since the last sample, per second. */
  readonly outputTokensPerSecond: number
  /** Requests that all servers have put aside by then to make room for others. */
  readonly preemptions: number
}

/** Time between two samples. */
export const sampleMs = 1_000

const noLimits = {
  firstTokenMs: Number.POSITIVE_INFINITY,
  interTokenMs: Number.POSITIVE_INFINITY,
  totalMs: Number.POSITIVE_INFINITY,
}
/** A server is asked for its load so often, at most. */
const reportIntervalMs = 250
/** More callers than any limit, so that a limit is what holds requests back. */
const manyCallers = 1_024
/** How long a caller leaves it after a failure, before it asks for something else. */
const pauseAfterFailureMs = 1_000

/** Sends through the client's own loop, queue and limits to simulated servers, in virtual time. */
export async function simulateThroughput(scenario: ThroughputScenario): Promise<ThroughputResult> {
  const run = new ThroughputRun(scenario)
  return run.result()
}

/** What an answer's first token brings; the rest of it comes by itself. */
interface Begun {
  /** Told whose tokens they are, and where to say that they have all come. */
  attach(permit: Permit): Promise<void>
}

class ThroughputRun {
  readonly #scenario: ThroughputScenario
  readonly #simulation: Simulation
  readonly #deployment: Deployment
  readonly #policy = new RetryPolicy({ maxAttempts: 3, maxRetryAfterMs: 60_000 })
  readonly #firstTokenMs: number[] = []
  readonly #arrivalFirstTokenMs: number[] = []
  readonly #samples: ThroughputSample[] = []
  readonly #nextReportAt: number[] = []
  #next = 0
  #answers = 0
  #measuredAnswers = 0
  #tokens = 0
  #sampledTokens = 0
  #failed = 0
  #refused = 0
  #measuredFromMs: number | undefined
  #endMs: number | undefined

  constructor(scenario: ThroughputScenario) {
    this.#scenario = scenario
    this.#simulation = createSimulation({ ...scenario.options, seed: scenario.seed ?? 0 })
    this.#deployment = createDeployment(scenario, this.#simulation, this.#connection)
    if (scenario.warmUpAnswers === 0) this.#measuredFromMs = 0
  }

  async result(): Promise<ThroughputResult> {
    const { clock } = this.#simulation
    const { callers = manyCallers, arrivals = [], maxMs } = this.#scenario
    for (let caller = 0; caller < callers; caller += 1) void this.#keepAsking()
    for (const arrival of arrivals) clock.setTimer(arrival.atMs, () => void this.#arrive(arrival.request))
    clock.setTimer(sampleMs, this.#sample)
    while (this.#endMs === undefined && clock.now() < maxMs) await clock.runAsync(Math.min(maxMs, clock.now() + 1_000))
    const endMs = this.#endMs ?? clock.now()
    this.#endMs = endMs
    const measuredFromMs = this.#measuredFromMs ?? endMs
    const seconds = Math.max(1e-9, (endMs - measuredFromMs) / 1_000)
    return {
      outputTokensPerSecond: this.#tokens / seconds,
      requestsPerSecond: this.#measuredAnswers / seconds,
      firstTokenMs: this.#firstTokenMs,
      arrivalFirstTokenMs: this.#arrivalFirstTokenMs,
      failed: this.#failed,
      refused: this.#refused,
      measuredFromMs,
      endMs,
      samples: this.#samples,
    }
  }

  async #keepAsking(): Promise<void> {
    const { requests, priority = 'interactive' } = this.#scenario
    while (this.#endMs === undefined) {
      const request = requests[this.#next % requests.length] as SimulatedRequest
      this.#next += 1
      const isAnswered = await this.#ask(request, priority, this.#firstTokenMs, false)
      if (!isAnswered)
        await new Promise<void>((resolve) => void this.#simulation.clock.setTimer(pauseAfterFailureMs, resolve))
    }
  }

  async #arrive(request: SimulatedRequest): Promise<void> {
    await this.#ask(request, 'interactive', this.#arrivalFirstTokenMs, true)
  }

  /** Whether the request was answered. */
  async #ask(request: SimulatedRequest, priority: Priority, waits: number[], countsQueue: boolean): Promise<boolean> {
    const { clock } = this.#simulation
    const call = new Call({ requestId: '', limits: noLimits, signal: undefined, clock, priority })
    const { wanted = 'stream' } = this.#scenario
    const sender = new RequestSender<Begun>(asModelRequest(request), wanted, call, this.#policy, (attempt) =>
      (attempt.connection as SimulatedConnection).begin(request, attempt.permit.kind),
    )
    try {
      const { result, permit } = await sender.send([this.#deployment])
      const waitMs = clock.now() - (countsQueue ? call.startedAt : permit.startedAt)
      if (this.#isMeasured) waits.push(waitMs)
      await result.attach(permit)
      this.#countAnswer()
      return true
    } catch {
      if (this.#isMeasured) this.#failed += 1
      return false
    } finally {
      call.end()
    }
  }

  get #isMeasured(): boolean {
    return this.#measuredFromMs !== undefined && this.#endMs === undefined
  }

  #countAnswer(): void {
    this.#answers += 1
    if (this.#isMeasured) this.#measuredAnswers += 1
    if (this.#answers === this.#scenario.warmUpAnswers) this.#measuredFromMs ??= this.#simulation.clock.now()
    if (this.#answers >= this.#scenario.answers) this.#endMs ??= this.#simulation.clock.now()
  }

  readonly #countToken = (): void => {
    this.#sampledTokens += 1
    if (this.#isMeasured) this.#tokens += 1
  }

  readonly #sample = (): void => {
    const { clock } = this.#simulation
    const outputTokensPerSecond = (this.#sampledTokens * 1_000) / sampleMs
    const preemptions = this.#simulation.replicas().reduce((sum, replica) => sum + replica.preemptions, 0)
    const limit = this.#deployment.dispatcher.capacity
    this.#samples.push({ atMs: clock.now(), limit, outputTokensPerSecond, preemptions })
    this.#sampledTokens = 0
    if (this.#endMs === undefined) clock.setTimer(sampleMs, this.#sample)
  }

  readonly #connection = (replica: number): SimulatedConnection => ({
    begin: (request, kind) => this.#begin({ ...request, replica }, kind),
    generate: unused,
    stream: unused,
    close: async () => {},
  })

  #report(replica: number, permit: Permit | undefined): void {
    const { reportsLoad = false } = this.#scenario
    const now = this.#simulation.clock.now()
    if (!reportsLoad || permit === undefined || now < (this.#nextReportAt[replica] ?? 0)) return
    this.#nextReportAt[replica] = now + reportIntervalMs
    permit.report({ load: { waitingRequests: this.#simulation.replicas()[replica]?.waiting ?? 0 } })
  }

  /** Submits a request; resolves with its first token, or all of it where it is wanted whole. */
  #begin(request: SimulatedRequest, kind: AnswerKind): Promise<Begun> {
    return new Promise((resolve, reject) => {
      let permit: Permit | undefined
      let failure: DuoModelError | undefined
      let isDone = false
      let lastTokenAt = 0
      let finish: () => void = () => {}
      const end = (): void => {
        isDone = true
        this.#report(request.replica ?? 0, permit)
        permit?.release(failure)
        finish()
      }
      const begun: Begun = {
        attach: (given) => {
          permit = given
          return new Promise<void>((done, fail) => {
            finish = () => (failure === undefined ? done() : fail(failure))
            if (isDone) end()
          })
        },
      }
      this.#simulation.submit(request, {
        onToken: (now) => {
          this.#countToken()
          if (kind === 'stream') permit?.countContent(1, now - lastTokenAt)
          lastTokenAt = now
        },
        onFirstToken: () => {
          if (kind === 'stream') resolve(begun)
        },
        onDone: () => {
          if (kind === 'whole') resolve(begun)
          end()
        },
        onFailed: (why) => {
          if (why === 'rejected') this.#refused += 1
          failure =
            why === 'rejected' ? new OverloadedError({ message: 'Full.' }) : new ConnectionError({ message: 'Gone.' })
          reject(failure)
          end()
        },
      })
    })
  }
}

interface SimulatedConnection extends AdapterConnection {
  begin(request: SimulatedRequest, kind: AnswerKind): Promise<Begun>
}

function unused(): never {
  throw new RangeError('The simulation asks by itself.')
}

/** The router looks at the beginning of a prompt, which stands for the blocks it shares. */
function asModelRequest({ prefix }: SimulatedRequest): ModelRequest {
  return { feature: 'duo-chat', messages: [{ role: 'user', content: typeof prefix === 'string' ? prefix : 'Hello' }] }
}

function createDeployment(
  { options, concurrency, seed = 0 }: ThroughputScenario,
  { clock }: Simulation,
  connect: (replica: number) => SimulatedConnection,
): Deployment {
  const adapter: ModelAdapter = {
    platform: 'simulated',
    wholeAnswersMayStream: true,
    connect: ({ endpoint }) => connect(Number(endpoint)),
  }
  return createSimulatedDeployment({
    adapter,
    endpoints: Array.from({ length: options.replicas ?? 1 }, (_, number) => String(number)),
    circuit: { failureThreshold: 5, ejectionMs: 1_000, maxEjectionMs: 2_000 },
    concurrency,
    clock,
    random: seededRandom(seed + 1),
  })
}
