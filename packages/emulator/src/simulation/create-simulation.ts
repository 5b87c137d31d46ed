import { documentedModel, smallMachine } from '../engine/documented-serving.js'
import type { SequenceRequest } from '../engine/sequence.js'
import { resolveServing, type Serving, type ServingOptions } from '../engine/serving.js'
import { type EngineCounters, type EngineLoad, SimulatedEngine } from '../engine/simulated-engine.js'
import { invalidOption } from '../invalid-option.js'
import { createRandom } from '../random.js'
import { checkEvents } from './check-events.js'
import { Replica } from './replica.js'
import { blockKeysOf, checkRequest, type SimulatedRequest } from './simulated-request.js'
import { type SimulationEvent, slowdownAt } from './simulation-event.js'
import { createVirtualClock, type VirtualClock } from './virtual-clock.js'

/** What is simulated. Everything has a default: one server with Mistral 7B on the documented small machine. */
export interface SimulationOptions extends Omit<ServingOptions, 'model'> {
  /** Catalog id, alias or Hugging Face id of the model. Default: `mistral-7b-it-v0.3`, which the documented machines were measured with. */
  readonly model?: string | undefined
  /** Servers of this kind, 1 to 10,000. Default: 1. */
  readonly replicas?: number | undefined
  /** Requests in one server, running and waiting, beyond which it rejects more with a 429. Default: it queues without limit. */
  readonly maxPendingRequests?: number | undefined
  /** How far the length of a step varies at random: 0.1 means 10 % up or down. From 0 up to, and without, 1. Default: 0. */
  readonly jitter?: number | undefined
  /** Decides what is random. The same seed and the same requests give the same times. Default: 0. */
  readonly seed?: number | undefined
  /** What happens to the servers. Default: nothing. */
  readonly events?: readonly SimulationEvent[] | undefined
  /** The clock to run by, shared with whatever else takes part. Events count from its time at creation. Default: a new one. */
  readonly clock?: VirtualClock | undefined
}

/** Why a request failed: turned away with a 429, or its replica was not there or was lost. */
export type SimulatedFailure = 'rejected' | 'replica-down'

/** Who hears what becomes of a request. Times are those of the clock, in milliseconds. */
export interface SimulatedRequestListener {
  /** The first token is ready. */
  readonly onFirstToken?: ((timeMs: number) => void) | undefined
  /** A token is ready; `index` counts from 0. Left out, the simulation runs faster. */
  readonly onToken?: ((timeMs: number, index: number) => void) | undefined
  /** The last token is ready. */
  readonly onDone?: ((timeMs: number) => void) | undefined
  /** The request failed; nothing else follows. Never called from inside `submit`. */
  readonly onFailed?: ((failure: SimulatedFailure, timeMs: number) => void) | undefined
}

/** One server of a simulation, as it is now. */
export interface SimulatedReplica extends EngineLoad, Readonly<EngineCounters> {
  /** Whether it answers. */
  readonly isUp: boolean
}

/** Servers in virtual time. */
export interface Simulation {
  /** The clock: nothing happens unless it runs. */
  readonly clock: VirtualClock
  /**
   * Sends a request. Returns a function that aborts it, wherever it is; then nothing more is heard of it.
   *
   * @throws EmulatorError `invalid-option` for numbers out of range and for a request longer than the server takes
   */
  submit(request: SimulatedRequest, listener?: SimulatedRequestListener): () => void
  /** The servers, in order. Counters start again when a replica is lost. */
  replicas(): readonly SimulatedReplica[]
}

/**
 * Servers that batch continuously as vLLM does, in virtual time: for tests and benchmarks of whatever sends requests.
 *
 * @throws EmulatorError `invalid-option` for what `startEmulator` refuses too, and for events that cannot happen
 */
export function createSimulation(options: SimulationOptions = {}): Simulation {
  const { replicas: replicaCount = 1, maxPendingRequests = Number.POSITIVE_INFINITY } = options
  checkOptions(options)
  const clock = options.clock ?? createVirtualClock()
  const startedAtMs = clock.now()
  const events = checkEvents(options.events ?? [], replicaCount)
  const serving = servingOf(options)
  const replicas = Array.from({ length: replicaCount }, (_, index) => {
    const slowdown = slowdownOf(index, options, events)
    const createEngine = () =>
      new SimulatedEngine(serving.settings, serving.stepTimes, (timeMs) => slowdown(timeMs - startedAtMs))
    return new Replica(clock, createEngine)
  })
  for (const event of events) scheduleEvent(event, replicas, clock)
  const longest = replicas[0]?.engine.longestRequest ?? 0

  function submit(request: SimulatedRequest, listener: SimulatedRequestListener = {}): () => void {
    checkRequest(request, { longest, replicas: replicaCount })
    const replica = request.replica === undefined ? leastPending(replicas) : replicas[request.replica]
    const fail = (failure: SimulatedFailure) => listener.onFailed?.(failure, clock.now())
    if (!replica?.isUp) return clock.setTimer(0, () => fail('replica-down'))
    if (replica.pending >= maxPendingRequests) return clock.setTimer(0, () => fail('rejected'))
    return replica.submit(sequenceRequest(request, listener, serving), () => fail('replica-down'))
  }

  return {
    clock,
    submit,
    replicas: () => replicas.map(({ isUp, engine }) => ({ isUp, ...engine.load(), ...engine.counters })),
  }
}

const optionNames: Readonly<Record<keyof SimulationOptions, true>> = {
  model: true,
  machine: true,
  gpu: true,
  tensorParallelSize: true,
  maxModelLength: true,
  maxNumSeqs: true,
  maxNumBatchedTokens: true,
  gpuMemoryUtilization: true,
  schedulingPolicy: true,
  enablePrefixCaching: true,
  enableChunkedPrefill: true,
  vllmVersion: true,
  speedProfile: true,
  replicas: true,
  maxPendingRequests: true,
  jitter: true,
  seed: true,
  events: true,
  clock: true,
}

function checkOptions(options: SimulationOptions): void {
  const { replicas = 1, maxPendingRequests, jitter = 0 } = options
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(optionNames, name))
  if (unknown !== undefined)
    throw invalidOption('options', unknown.slice(0, 100), `an object with ${Object.keys(optionNames).join(', ')} only`)
  if (!Number.isSafeInteger(replicas) || replicas < 1 || replicas > 10_000)
    throw invalidOption('replicas', replicas, 'a whole number from 1 to 10,000')
  if (maxPendingRequests !== undefined && !(maxPendingRequests >= 1))
    throw invalidOption('maxPendingRequests', maxPendingRequests, 'a number, 1 or more')
  if (!(jitter >= 0 && jitter < 1)) throw invalidOption('jitter', jitter, 'a number from 0 up to, and without, 1')
}

function servingOf(options: SimulationOptions): Serving {
  const { replicas: _, maxPendingRequests: _most, jitter: _jitter, seed: _seed, events: _events, ...rest } = options
  const { clock: _clock, model, machine, gpu, ...settings } = rest
  const place = machine === undefined && gpu === undefined ? { machine: smallMachine } : { machine, gpu }
  return resolveServing({ ...settings, ...place, model: model ?? documentedModel })
}

function slowdownOf(
  replica: number,
  { jitter = 0, seed = 0 }: SimulationOptions,
  events: readonly SimulationEvent[],
): (timeMs: number) => number {
  const random = createRandom('jitter', seed, replica)
  return (timeMs) => {
    const factor = jitter === 0 ? 1 : 1 + jitter * (2 * random.next() - 1)
    return factor * slowdownAt(events, replica, timeMs)
  }
}

function scheduleEvent({ kind, atMs, replica }: SimulationEvent, replicas: readonly Replica[], clock: VirtualClock) {
  const concerned = replicas.filter((_, index) => index === (replica ?? index))
  if (kind === 'replica-down') clock.setTimer(atMs, () => concerned.forEach((one) => void one.goDown()))
  if (kind === 'replica-up')
    clock.setTimer(atMs, () => {
      for (const one of concerned) one.isUp = true
    })
}

/** The one that is up with the fewest requests; the first of several. */
function leastPending(replicas: readonly Replica[]): Replica | undefined {
  let best: Replica | undefined
  for (const replica of replicas)
    if (replica.isUp && (best === undefined || replica.pending < best.pending)) best = replica
  return best
}

function sequenceRequest(
  request: SimulatedRequest,
  { onFirstToken, onToken, onDone }: SimulatedRequestListener,
  { settings }: Serving,
): SequenceRequest {
  const { promptTokens, outputTokens, priority } = request
  const tell = (timeMs: number, index: number) => {
    if (index === 0) onFirstToken?.(timeMs)
    onToken?.(timeMs, index)
  }
  return {
    promptTokens,
    outputTokens,
    priority,
    blockKey: blockKeysOf(request, settings.blockSize),
    onToken: onToken === undefined && onFirstToken === undefined ? undefined : tell,
    onDone,
  }
}
