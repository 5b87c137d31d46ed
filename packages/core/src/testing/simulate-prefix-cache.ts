import type { ConversationRequest } from '../model-request.js'
import { addToHash, emptyHash } from '../routing/hash-text.js'
import type { RouteCandidate, RoutingStrategy } from '../routing/routing-strategy.js'
import { seededRandom } from './seeded-random.js'

/** What is simulated: conversations about repositories, over servers that each keep the prefixes they computed last. */
export interface PrefixCacheScenario {
  readonly replicas: number
  readonly requests: number
  /** Requests under way at a time, on average. */
  readonly concurrency: number
  /** Characters one server keeps. */
  readonly cacheCharacters: number
  readonly repositories: number
  readonly seed: number
}

/** What came of it. */
export interface PrefixCacheResult {
  /** Share of all characters of the prompts that a cache held. */
  readonly hitRate: number
  /** Requests of the busiest replica over the mean. */
  readonly requestSkew: number
  /** The same of requests under way, over the whole time. */
  readonly loadSkew: number
}

/** What a server's cache is made of: vLLM's blocks of 16 tokens. */
const blockCharacters = 64

/** A server: counts what is under way, and keeps the blocks it used last. */
export class SimulatedServer implements RouteCandidate {
  readonly id: string
  inFlight = 0
  requests = 0
  loadOverTime = 0
  readonly #maxBlocks: number
  readonly #blocks = new Set<number>()

  constructor(id: string, maxBlocks: number) {
    this.id = id
    this.#maxBlocks = maxBlocks
  }

  load(): number {
    return this.inFlight
  }

  /** How many of the blocks, from the first on, are in the cache. */
  cached(blocks: readonly number[]): number {
    let count = 0
    while (count < blocks.length && this.#blocks.has(blocks[count] as number)) count += 1
    return count
  }

  /** Computes a prompt: its blocks are those used last. */
  use(blocks: readonly number[]): void {
    for (const block of blocks) {
      this.#blocks.delete(block)
      this.#blocks.add(block)
    }
    for (const block of this.#blocks) {
      if (this.#blocks.size <= this.#maxBlocks) break
      this.#blocks.delete(block)
    }
  }
}

/** A strategy that sees into every cache: the most cached blocks among the servers that are not too busy. */
export class PerfectRouter implements RoutingStrategy<SimulatedServer> {
  #given = 0
  readonly #skew: number

  constructor(skew: number) {
    this.#skew = skew
  }

  pick(candidates: readonly SimulatedServer[], request: ConversationRequest): SimulatedServer {
    const blocks = blocksOf(request)
    this.#given += 1
    const loads = candidates.reduce((sum, { inFlight }) => sum + inFlight, 1)
    const loadLimit = Math.max(4, Math.ceil((this.#skew * loads) / candidates.length))
    const shareLimit = Math.max(4, (this.#skew * this.#given) / candidates.length)
    const welcome = candidates.filter(
      ({ inFlight, requests }) => inFlight + 1 <= loadLimit && requests + 1 <= shareLimit,
    )
    const order = (welcome.length > 0 ? welcome : candidates).toSorted((one, other) => one.inFlight - other.inFlight)
    const hits = order.map((server) => server.cached(blocks))
    return order[hits.indexOf(Math.max(...hits))] as SimulatedServer
  }
}

/** Sends conversations through a strategy and counts what the servers' caches held. */
export function simulatePrefixCache(
  strategy: RoutingStrategy<SimulatedServer>,
  scenario: PrefixCacheScenario,
): PrefixCacheResult {
  const random = seededRandom(scenario.seed)
  const servers = Array.from(
    { length: scenario.replicas },
    (_, index) => new SimulatedServer(`http://gpu-${index}:8000/v1`, scenario.cacheCharacters / blockCharacters),
  )
  const workload = new Workload(scenario, random)
  const endings: SimulatedServer[][] = []
  let all = 0
  let hits = 0
  for (let time = 0; time < scenario.requests; time += 1) {
    for (const server of endings[time] ?? []) server.inFlight -= 1
    const request = workload.next()
    const blocks = blocksOf(request)
    const server = strategy.pick(servers, request, time)
    all += blocks.length
    hits += server.cached(blocks)
    server.use(blocks)
    server.inFlight += 1
    server.requests += 1
    const end = time + 1 + Math.floor(scenario.concurrency * 2 * random())
    endings[end] ??= []
    endings[end].push(server)
    for (const each of servers) each.loadOverTime += each.inFlight
  }
  const skew = (values: readonly number[]) =>
    (Math.max(...values) * values.length) / values.reduce((sum, value) => sum + value, 0)
  return {
    hitRate: hits / all,
    requestSkew: skew(servers.map(({ requests }) => requests)),
    loadSkew: skew(servers.map(({ loadOverTime }) => loadOverTime)),
  }
}

/** Conversations that begin with a common instruction and a repository's context, and grow turn by turn. */
class Workload {
  readonly #random: () => number
  readonly #repositories: readonly string[]
  readonly #conversations: ConversationRequest[] = []
  readonly #open: number

  constructor({ repositories, concurrency }: PrefixCacheScenario, random: () => number) {
    this.#random = random
    this.#repositories = Array.from({ length: repositories }, (_, index) => text(index + 1, 2_000 + (index % 7) * 900))
    this.#open = concurrency * 3
  }

  next(): ConversationRequest {
    const index = Math.floor(this.#random() * this.#open)
    const before = this.#conversations[index]
    const isOver = before === undefined || before.messages.length > 12
    const next = isOver ? this.#begin() : this.#continue(before)
    this.#conversations[index] = next
    return next
  }

  #begin(): ConversationRequest {
    // Some repositories are much busier than others.
    const repository = Math.floor(this.#repositories.length * this.#random() ** 3)
    const system = `${instruction}${this.#repositories[repository]}`
    return {
      feature: 'duo-chat',
      messages: [
        { role: 'system', content: system },
        { role: 'user', content: this.#text(400) },
      ],
    }
  }

  #continue({ messages }: ConversationRequest): ConversationRequest {
    const added = [
      { role: 'assistant', content: this.#text(1_500) },
      { role: 'user', content: this.#text(400) },
    ] as const
    return { feature: 'duo-chat', messages: [...messages, ...added] }
  }

  #text(maxLength: number): string {
    return text(Math.floor(this.#random() * 2 ** 31), 50 + Math.floor(this.#random() * maxLength))
  }
}

function text(seed: number, length: number): string {
  const random = seededRandom(seed)
  return Array.from({ length: Math.ceil(length / 8) }, () => random().toString(36).slice(2, 10)).join('')
}

const instruction = text(0, 900)

const knownBlocks = new WeakMap<ConversationRequest, readonly number[]>()

/** Hashes of the whole blocks of a prompt, each with all before it. */
function blocksOf(request: ConversationRequest): readonly number[] {
  const known = knownBlocks.get(request)
  if (known !== undefined) return known
  const prompt = request.messages.map(({ role, content }) => `${role}${content}`).join('')
  const blocks: number[] = []
  let hash = emptyHash
  for (let index = 0; index < prompt.length; index += 1) {
    hash = addToHash(hash, prompt.charCodeAt(index))
    if ((index + 1) % blockCharacters === 0) blocks.push(hash)
  }
  knownBlocks.set(request, blocks)
  return blocks
}
