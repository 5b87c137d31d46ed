import type { ModelRequest } from '../model-request.js'
import { hashText } from './hash-text.js'
import { promptPrefix } from './prompt-prefix.js'
import type { RouteCandidate, RoutingStrategy } from './routing-strategy.js'

/** What is known about a candidate. */
interface Member<Candidate> {
  readonly candidate: Candidate
  readonly seed: number
  /** Requests it was given, where older ones count less. */
  share: number
  load: number
  /** The choice it was a candidate of last. */
  choice: number
  /** Counts up when half of what its cache may hold was added; what is two behind is forgotten. */
  generation: number
  added: number
  /** Requests it may take over from those that have their start, because it came later. */
  owed: number
}

/** Who has computed a prefix, and in which generation of its cache. */
interface Holder<Candidate> {
  readonly member: Member<Candidate>
  generation: number
}

/** How far above the mean a replica may be, in requests under way and in requests given lately. */
const skew = 1.2
/** A replica with fewer requests under way than this is never too busy: a server takes them together. */
const idleLoad = 4
/** Requests, for each candidate, that its share looks back over. */
const shareWindow = 64
/** Prefixes a replica is taken to keep: about half a million tokens. */
const defaultPrefixesPerReplica = 4_096

/**
 * Sends requests with the same start to the replica that has computed it before, as long as that replica has no more
 * than its share of the work. A start nobody has goes to the replica its hash prefers, the same in every process. A replica
 * that joins takes over the starts whose hash prefers it, until it has had its share.
 */
export class PrefixAffinity<Candidate extends RouteCandidate> implements RoutingStrategy<Candidate> {
  readonly #prefixesPerReplica: number
  readonly #members = new Map<Candidate, Member<Candidate>>()
  /** Holders by prefix. What is in `older` is forgotten when `recent` is full, unless it was used meanwhile. */
  #recent = new Map<number, Holder<Candidate>[]>()
  #older = new Map<number, Holder<Candidate>[]>()
  #choice = 0
  /** How many are owed something. */
  #newcomers = 0
  /** What one request adds to a share. It grows, so that old requests count less without being touched. */
  #weight = 1
  #loadLimit = 0
  #shareLimit = 0

  constructor(prefixesPerReplica = defaultPrefixesPerReplica) {
    this.#prefixesPerReplica = prefixesPerReplica
  }

  pick(candidates: readonly Candidate[], request: ModelRequest, now: number): Candidate {
    const { hashes, firstWorthwhile } = promptPrefix(request)
    this.#survey(candidates, now)
    const start = hashes[firstWorthwhile] as number
    const chosen =
      this.#findNewcomer(candidates, start) ??
      this.#findHolder(hashes, firstWorthwhile) ??
      this.#findNew(candidates, start)
    this.#give(chosen, candidates.length)
    for (let index = 0; index < hashes.length; index++) this.#remember(hashes[index] as number, chosen)
    this.#forget()
    return chosen.candidate
  }

  forget(left: ReadonlySet<Candidate>): void {
    if (left.size === 0) return
    for (const candidate of left) this.#remove(candidate)
    this.#recent = withoutHolders(this.#recent, left)
    this.#older = withoutHolders(this.#older, left)
  }

  /** Notes every candidate's load, and what nobody should exceed. */
  #survey(candidates: readonly Candidate[], now: number): void {
    this.#choice += 1
    let loads = 0
    let shares = 0
    for (let index = 0; index < candidates.length; index++) {
      const member = this.#memberOf(candidates[index] as Candidate)
      member.choice = this.#choice
      member.load = member.candidate.load(now)
      loads += member.load
      shares += member.share
    }
    const count = candidates.length
    this.#loadLimit = Math.max(idleLoad, Math.ceil((skew * (loads + 1)) / count))
    this.#shareLimit = Math.max(idleLoad * this.#weight, (skew * shares) / count)
  }

  #isWelcome(member: Member<Candidate>): boolean {
    return (
      member.choice === this.#choice &&
      member.load + 1 <= this.#loadLimit &&
      member.share + this.#weight <= this.#shareLimit
    )
  }

  /** One that joined and that the hash prefers to all others: as if it had always been there. */
  #findNewcomer(candidates: readonly Candidate[], hash: number): Member<Candidate> | undefined {
    if (this.#newcomers === 0) return undefined
    let preferred = this.#memberOf(candidates[0] as Candidate)
    for (let index = 1; index < candidates.length; index++) {
      const member = this.#memberOf(candidates[index] as Candidate)
      if (preference(member, hash) > preference(preferred, hash)) preferred = member
    }
    return preferred.owed > 0 && this.#isWelcome(preferred) ? preferred : undefined
  }

  /** The least busy of those that have the longest prefix. */
  #findHolder(hashes: readonly number[], firstWorthwhile: number): Member<Candidate> | undefined {
    for (let index = hashes.length - 1; index >= firstWorthwhile; index--) {
      const hash = hashes[index] as number
      const holders = this.#recent.get(hash) ?? this.#older.get(hash)
      const found = holders && this.#leastBusy(holders)
      if (found !== undefined) return found
    }
    return undefined
  }

  #leastBusy(holders: readonly Holder<Candidate>[]): Member<Candidate> | undefined {
    let best: Member<Candidate> | undefined
    for (let index = 0; index < holders.length; index++) {
      const { member, generation } = holders[index] as Holder<Candidate>
      if (generation < member.generation - 1 || !this.#isWelcome(member)) continue
      if (best === undefined || isLessBusy(member, best)) best = member
    }
    return best
  }

  /** Rendezvous hashing among those that are not too busy; the least busy one where all are. */
  #findNew(candidates: readonly Candidate[], hash: number): Member<Candidate> {
    let preferred: Member<Candidate> | undefined
    let highest = -1
    let leastBusy = this.#memberOf(candidates[0] as Candidate)
    for (let index = 0; index < candidates.length; index++) {
      const member = this.#memberOf(candidates[index] as Candidate)
      if (isLessBusy(member, leastBusy)) leastBusy = member
      const score = preference(member, hash)
      if (score <= highest || !this.#isWelcome(member)) continue
      preferred = member
      highest = score
    }
    return preferred ?? leastBusy
  }

  #give(member: Member<Candidate>, count: number): void {
    member.share += this.#weight
    if (member.owed > 0 && --member.owed === 0) this.#newcomers -= 1
    this.#weight *= 1 + 1 / (shareWindow * count)
    if (this.#weight < 1e100) return
    for (const other of this.#members.values()) other.share /= this.#weight
    this.#weight = 1
  }

  #remember(hash: number, member: Member<Candidate>): void {
    let holders = this.#recent.get(hash)
    if (holders === undefined) {
      holders = this.#older.get(hash)?.filter((holder) => holder.generation >= holder.member.generation - 1) ?? []
      this.#recent.set(hash, holders)
    }
    for (let index = 0; index < holders.length; index++) {
      const holder = holders[index] as Holder<Candidate>
      if (holder.member !== member) continue
      // What was not used for a generation is counted again, as a cache would have moved it to its front.
      if (holder.generation !== member.generation) this.#countAdded(member)
      holder.generation = member.generation
      return
    }
    this.#countAdded(member)
    holders.push({ member, generation: member.generation })
  }

  #countAdded(member: Member<Candidate>): void {
    member.added += 1
    if (member.added * 2 < this.#prefixesPerReplica) return
    member.added = 0
    member.generation += 1
  }

  #forget(): void {
    if (this.#recent.size < this.#prefixesPerReplica * this.#members.size) return
    this.#older = this.#recent
    this.#recent = new Map()
  }

  #memberOf(candidate: Candidate): Member<Candidate> {
    const known = this.#members.get(candidate)
    return known ?? this.#add(candidate)
  }

  #add(candidate: Candidate): Member<Candidate> {
    let shares = 0
    for (const { share } of this.#members.values()) shares += share
    const member: Member<Candidate> = {
      candidate,
      seed: hashText(candidate.id),
      // One that joins has had its part, or everything would go to it at first.
      share: this.#members.size === 0 ? 0 : shares / this.#members.size,
      load: 0,
      choice: 0,
      generation: 1,
      added: 0,
      // Those of the first choice began together.
      owed: this.#choice > 1 ? shareWindow : 0,
    }
    if (member.owed > 0) this.#newcomers += 1
    this.#members.set(candidate, member)
    return member
  }

  #remove(candidate: Candidate): void {
    if ((this.#members.get(candidate)?.owed ?? 0) > 0) this.#newcomers -= 1
    this.#members.delete(candidate)
  }
}

/** Rendezvous hashing: each start has its own order of preference. */
function preference({ seed }: { readonly seed: number }, hash: number): number {
  return Math.imul(hash ^ seed, 0x9e3779b1) >>> 0
}

function withoutHolders<Candidate>(
  prefixes: ReadonlyMap<number, Holder<Candidate>[]>,
  left: ReadonlySet<Candidate>,
): Map<number, Holder<Candidate>[]> {
  const remaining = new Map<number, Holder<Candidate>[]>()
  for (const [hash, holders] of prefixes) {
    const kept = holders.filter(({ member }) => !left.has(member.candidate))
    if (kept.length > 0) remaining.set(hash, kept)
  }
  return remaining
}

function isLessBusy(one: { load: number; share: number }, other: { load: number; share: number }): boolean {
  return one.load < other.load || (one.load === other.load && one.share < other.share)
}
