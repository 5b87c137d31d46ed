import type {
  AdapterCall,
  AdapterConnection,
  AdapterEvent,
  AdapterRequest,
  AdapterResponse,
  CompletionRequest,
  EndpointHealth,
  EndpointHealthOptions,
  EndpointProbeOptions,
  EndpointReport,
} from '@duo-models/adapters'
import type { Clock } from '../scheduling/clock.js'
import { GatheredStream, type PromptSender } from './gathered-stream.js'
import { Gathering } from './gathering.js'
import type { MicroBatchSettings } from './micro-batch-settings.js'

/** A connection that can send several prompts in one request. */
export type SharingConnection = AdapterConnection & Required<Pick<AdapterConnection, 'sharingKey' | 'streamMany'>>

/** Gateways in front of servers take bodies of 1 MiB as a rule, and a character may take three bytes. In characters. */
const maxPromptLength = 256 * 1024
/**
 * A server writes to the end for a caller who has left while others of the request have not. So only those share one that
 * say how long they get, and get no longer than this: then what is written for nobody is little.
 */
const maxOutputTokens = 256
/** After a shared request that failed, prompts go alone for so long; twice as long after each further one. */
const firstPauseMs = 1_000
const maxPauseMs = 60_000

/**
 * Lets raw prompts to one endpoint whose answers are streamed share requests while it is busy. A prompt that finds none
 * under way is sent at once and alone; the others are gathered for moments. To the client every prompt is a request of its
 * own. Whole answers go alone: sharing would have them streamed, which costs more than the request it saves.
 */
export class MicroBatchingConnection implements AdapterConnection, PromptSender {
  /** Absent where the connection has none: the client then learns what a tiny request tells. */
  readonly probe?: (options: EndpointProbeOptions) => Promise<EndpointReport>
  /** Absent where the connection has none. */
  readonly checkHealth?: (options: EndpointHealthOptions) => Promise<EndpointHealth>
  readonly #connection: SharingConnection
  readonly #clock: Clock
  readonly #gathering: Gathering<GatheredStream>
  /** Those that wait, with what they have in common with others. */
  readonly #waiting = new Map<GatheredStream, string>()
  /** Prompts that were sent and have not ended. */
  #underWay = 0
  #failuresInARow = 0
  #pausedUntil = Number.NEGATIVE_INFINITY

  constructor(connection: SharingConnection, settings: MicroBatchSettings, clock: Clock) {
    this.#connection = connection
    this.#clock = clock
    const limits = { ...settings, maxWeight: maxPromptLength }
    this.#gathering = new Gathering(limits, clock, (streams) => this.#release(streams))
    if (connection.probe) this.probe = (options) => connection.probe?.(options) as Promise<EndpointReport>
    if (connection.checkHealth)
      this.checkHealth = (options) => connection.checkHealth?.(options) as Promise<EndpointHealth>
  }

  generate(request: AdapterRequest, call: AdapterCall): Promise<AdapterResponse> {
    const answer = this.#connection.generate(request, call)
    if (request.kind !== 'completion') return answer
    // Streams that come meanwhile find the server busy.
    this.#underWay += 1
    answer.then(this.#countEnd, this.#countEnd)
    return answer
  }

  stream(request: AdapterRequest, call: AdapterCall): AsyncIterable<readonly AdapterEvent[]> {
    if (request.kind !== 'completion') return this.#connection.stream(request, call)
    return new GatheredStream(request, call, () => this.#connection.stream(request, call), this)
  }

  close(): Promise<void> {
    return this.#connection.close()
  }

  send(stream: GatheredStream): void {
    const key = this.#mayGather() ? this.#keyOf(stream.request, stream.call) : undefined
    if (key === undefined) {
      this.#underWay += 1
      stream.goAlone()
      return
    }
    this.#waiting.set(stream, key)
    this.#gathering.add(key, stream, stream.request.prompt.length)
  }

  onEnd(stream: GatheredStream): void {
    const key = this.#waiting.get(stream)
    if (key === undefined) {
      this.#countEnd()
      return
    }
    this.#waiting.delete(stream)
    this.#gathering.remove(key, stream)
  }

  onShared(succeeded: boolean): void {
    if (succeeded) {
      this.#failuresInARow = 0
      return
    }
    const now = this.#clock.now()
    // The others of the same request fail at the same moment.
    if (now < this.#pausedUntil) return
    this.#pausedUntil = now + Math.min(firstPauseMs * 2 ** this.#failuresInARow, maxPauseMs)
    this.#failuresInARow += 1
  }

  /** Whether there is a reason to wait for others: the server is busy, and sharing has not just failed. */
  #mayGather(): boolean {
    return this.#underWay > 0 && this.#clock.now() >= this.#pausedUntil
  }

  /**
   * What those have in common that go together; `undefined` for one that goes alone. Of a call, its id, its signals and who
   * is told of server reports may differ; a server that schedules by priority must not be told the wrong one.
   */
  #keyOf(request: CompletionRequest, { priority }: AdapterCall): string | undefined {
    if ((request.maxOutputTokens ?? Number.POSITIVE_INFINITY) > maxOutputTokens) return undefined
    const key = this.#connection.sharingKey(request)
    return key === undefined ? undefined : `${priority ?? ''} ${key}`
  }

  #release(streams: readonly GatheredStream[]): void {
    this.#underWay += streams.length
    for (const stream of streams) this.#waiting.delete(stream)
    const [only] = streams
    if (streams.length === 1) only?.goAlone()
    else this.#share(streams)
  }

  #share(streams: readonly GatheredStream[]): void {
    const requests: CompletionRequest[] = streams.map(({ request }) => request)
    const calls = streams.map(({ call }) => call)
    let opened: readonly AsyncIterable<readonly AdapterEvent[]>[] | undefined
    const open = (index: number): AsyncIterable<readonly AdapterEvent[]> => {
      opened ??= this.#connection.streamMany(requests, calls)
      const stream = opened[index]
      if (stream === undefined) throw new RangeError('streamMany() gives a stream for every request.')
      return stream
    }
    for (const [index, stream] of streams.entries()) stream.goShared(() => open(index), streams)
  }

  readonly #countEnd = (): void => {
    this.#underWay -= 1
    // Nobody is under way to wait for.
    if (this.#underWay === 0) this.#gathering.releaseAll()
  }
}
