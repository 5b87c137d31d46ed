import { DuoModelError } from '@duo-models/adapters'
import type {
  AnswerKind,
  ConcurrencyLimit,
  LimitChange,
  LimitReason,
  LimitSlot,
  WantedAnswer,
} from './concurrency-limit.js'
import { FirstTokenBaseline } from './first-token-baseline.js'
import { isRelief, type WaitsUnderLimit } from './is-relief.js'
import { RecentWaits } from './recent-waits.js'
import { ReportedQueue } from './reported-queue.js'
import { TokenPace } from './token-pace.js'
import { type InLine, WaitingLine } from './waiting-line.js'

/** Between which limits the best one is looked for. */
export interface AdaptiveLimitOptions {
  /** Where it begins. @default 16 */
  readonly initial?: number
  /** The highest limit there may be. */
  readonly max: number
}

/** What the limit is doing: finding the server's edge, staying below it, or looking whether fewer or more would do. */
type Phase = 'ramp' | 'hold' | 'relief' | 'probe'

class Slot implements LimitSlot, InLine<Slot> {
  readonly kind: AnswerKind
  readonly startedAt: number
  /** Whether it took the last place: only then does it tell anything about one more. */
  readonly filledLimit: boolean
  /** Which setting of the limit it was sent under. */
  readonly setting: number
  hasBegun = false
  previous: Slot | undefined
  next: Slot | undefined

  constructor(kind: AnswerKind, startedAt: number, filledLimit: boolean, setting: number) {
    this.kind = kind
    this.startedAt = startedAt
    this.filledLimit = filledLimit
    this.setting = setting
  }
}

const defaultInitial = 16
/**
 * Up to this limit whole answers that may be are fetched as streams: servers that run so few are those where one too many
 * costs most, and to read that many streams, of 25 tokens a second, costs two hundredths of a processor.
 */
const mostStreamedWholes = 128
/** Whole answers that are fetched whole in any case, as long as no more are under way. */
const fewInFlight = 4
/** Requests whose waits decide about a probe. */
const probeVotes = 16
/** A probe that is not decided after so many times as many has found nothing. */
const longestProbe = 4
/** So many long waits in a row end a probe early. */
const clearLongVotes = 3
/** A wait that is so many long ones ends a probe too, while no more requests run than before it. */
const clearWaits = 1.2
/** The share of long waits while little is in their way, and the one that shows a full server. */
const normalLongShare = 0.2
const badLongShare = 0.4
/** Requests that are judged together otherwise, and how many long waits among them are too many. */
const windowVotes = 16
const windowLongVotes = 9
/** Requests under one setting before the next probe; doubled while probes find nothing. */
const firstHoldVotes = 200
const longestHoldVotes = 512
/** The same after a refusal, for each request that was accepted beside it. */
const refusedHoldVotes = 8
/** First tokens after which a queue that the server reports is believed. */
const reportedQueueVotes = 8
/** A step of a probe, as a share of the limit: the first, and the longest. */
const firstStepShare = 1 / 128
const longestStepShare = 1 / 16
/** The step that makes sure of an edge: longer than the edge may be too low, and no more requests than have to wait. */
const confirmingStepShare = 1 / 32
/** No wait is long that is shorter than this: a busy process of our own makes so much of it. */
const leastLongWaitMs = 25
/** Where so large a share of what is under way runs, that tells how many the server runs. */
const seenShare = 3 / 4
/** Of the limit: how far it falls at most when the server looks full. */
const leastSuspectedShare = 1 / 2
/** Of the limit: where so many wait beside those that run, prompts are what the server is busy with, not its places. */
const manyWaitingShare = 1 / 16
/** The edge is a little lower than what was seen running at the best moment. */
const edgeMargin = 0.01
/** How many less are tried, as a share of the limit, and how far below those that run at most. */
const reliefShare = 1 / 64
const reliefMargin = 1 / 32
/** Waits that are compared then, and the last ones under the limit before. */
const reliefVotes = 20
const comparedWaits = 32
/** Overdue requests that show a full server, and how many long waits have to go by without one more running. */
const stalledRequests = 2
const stalledWaits = 6
/** A stream that pauses for so many steps, and for so long, was put aside by the server to make room for others. */
const stallSteps = 20
const leastStallMs = 250
/** So many streams put aside among the requests that are judged together are too many. */
const windowStalls = 2
/** How far the limit falls then, as a share of it. */
const stallShare = 1 / 16
/** For so many requests a limit at which streams were put aside is not tried again. */
const worseVotes = 256
/** Of the limit: how far it falls when a server did not even begin within the time limit. */
const timeoutFactor = 0.8

/**
 * Finds by itself how many requests a server runs best. A server that batches gets more done with every request it runs, up
 * to the one it cannot run any more, because its places, its cache or its gateway are full; that one only waits. So the
 * limit grows with every first token that came in time, until requests wait while the number of running ones stands still:
 * that number is the edge. It then stays there and looks from time to time, with a few requests, whether fewer would do,
 * because the last of them only wait, and whether the edge has moved. A refusal (429, 503) sets the limit to what was
 * accepted. It grows only while it is what holds requests back.
 *
 * Waits are judged in steps of the server (`TokenPace`), against what they are when nothing is in the way
 * (`FirstTokenBaseline`). Whole answers tell no first token, so those that fill a limit that is not high are fetched as
 * streams where they may be; the others let it grow as they end, until the server reports a queue or refuses.
 */
export class AdaptiveLimit implements ConcurrencyLimit {
  onChange: ((change: LimitChange) => void) | undefined
  readonly #initial: number
  readonly #max: number
  readonly #pace = new TokenPace()
  readonly #baseline = new FirstTokenBaseline()
  /** Waits from before the pace was known: mostly those of a server that had nothing else to do. */
  readonly #earlyWaitsMs: number[] = []
  /** Streams without a first token, the oldest first. */
  readonly #waiting = new WaitingLine<Slot>()
  #now = 0
  #value: number
  #inFlight = 0
  #phase: Phase = 'ramp'
  #setting = 0
  /** Whether the edge has not been confirmed yet. */
  #isSuspected = false
  /** Whether it was found by what the server refused. */
  #isRefusing = false
  /** Most requests that ran when it was found. */
  #suspectedPeak = 0
  #step = 1
  #probesInRow = 0
  /** Waits of requests that were sent under this setting; those before fewer were tried, and how few are. */
  readonly #settingWaits = new RecentWaits(comparedWaits)
  #unrelieved: WaitsUnderLimit | undefined
  #reliefFloor = 0
  #holdVotes = firstHoldVotes
  /** Votes of requests that were sent under this setting: since it was made, and since the last window was judged. */
  #settingVotes = 0
  #votes = 0
  #longVotes = 0
  /** When the window began. */
  #windowAt = 0
  /** Where a probe that fails goes back to. */
  #edge = 0
  /** Whole answers under way. */
  #wholes = 0
  /** Most requests that ran at once, and when that was. */
  #peak = 0
  #peakAt = 0
  /** What the server says about requests that wait in it, since something was found out; a probe is over too soon. */
  readonly #reported = new ReportedQueue()
  #stalls = 0
  /** From here on the server put streams aside, as far as is remembered. */
  #worse = Number.POSITIVE_INFINITY
  #votesSinceWorse = 0

  constructor({ initial = defaultInitial, max }: AdaptiveLimitOptions) {
    this.#max = max
    this.#initial = Math.min(initial, max)
    this.#value = this.#initial
  }

  get value(): number {
    return this.#value
  }

  get inFlight(): number {
    return this.#inFlight
  }

  get hasRoom(): boolean {
    return this.#inFlight < this.#value
  }

  /** What the limit is doing: growing, measuring, or staying where it is. `stats()` shows the number it led to. */
  get phase(): Phase {
    return this.#phase
  }

  /** Streams under way without a first token. */
  get awaited(): number {
    return this.#waiting.length
  }

  begin(wanted: WantedAnswer, now: number): LimitSlot {
    this.#now = now
    this.#inFlight += 1
    const filledLimit = this.#inFlight >= this.#value - 1
    const kind = wanted === 'either' ? this.#kindOfEither(filledLimit) : wanted
    const slot = new Slot(kind, now, filledLimit, this.#setting)
    if (kind === 'stream') this.#waiting.add(slot)
    else this.#wholes += 1
    // What ran while there was room says nothing about a limit that is full.
    if (!slot.filledLimit) this.#setPeak()
    this.#judge()
    return slot
  }

  /**
   * A whole answer costs less to read. What fills the limit tells about one more, and at first anything that is not alone
   * tells what is normal.
   */
  #kindOfEither(filledLimit: boolean): AnswerKind {
    if (this.#value > mostStreamedWholes) return 'whole'
    const isTelling = filledLimit || (this.#baseline.isYoung && this.#inFlight > fewInFlight)
    return isTelling ? 'stream' : 'whole'
  }

  firstToken(given: LimitSlot, now: number): void {
    const slot = given as Slot
    if (slot.hasBegun) return
    this.#now = now
    slot.hasBegun = true
    this.#waiting.remove(slot)
    this.#measurePace(now)
    this.#pace.begin(now)
    const isOneMore = this.#raisePeak()
    const isTelling = slot.setting === this.#setting && (this.#baseline.isYoung ? isOneMore : slot.filledLimit)
    const isLong = this.#judgeWait(now - slot.startedAt, isTelling)
    if (slot.filledLimit) {
      if (slot.setting === this.#setting) this.#settingWaits.add(now - slot.startedAt, now)
      this.#vote(slot, isLong)
    }
    this.#judge()
  }

  countContent(pieces: number): void {
    this.#pace.count(pieces)
  }

  get stallMs(): number {
    return Math.max(leastStallMs, stallSteps * (this.#pace.interTokenMs ?? Number.POSITIVE_INFINITY))
  }

  /** With a cache too small for all, less at once gets more done: what is put aside has to be read again. */
  reportStall(): void {
    this.#stalls += 1
    const { inFlight } = this
    const fewer = inFlight - Math.max(1, inFlight * stallShare)
    // Where the limit is lower already, it has yet to take effect.
    if (this.#stalls < windowStalls || fewer >= this.#value) return
    this.#worse = Math.min(this.#worse, inFlight)
    this.#votesSinceWorse = 0
    this.#find(fewer, 'streams-paused')
  }

  reportWaiting(requests: number): void {
    this.#reported.add(requests, this.#now)
  }

  end(given: LimitSlot, failure: DuoModelError | undefined, now: number): void {
    const slot = given as Slot
    this.#now = now
    this.#measurePace(now)
    if (slot.hasBegun) this.#pace.end(now)
    else if (slot.kind === 'stream') this.#waiting.remove(slot)
    // A first token that is told of later tells nothing any more.
    slot.hasBegun = true
    if (failure !== undefined) this.#fail(failure)
    else if (slot.kind === 'whole') this.#endWhole(slot)
    if (slot.kind === 'whole') this.#wholes -= 1
    this.#inFlight -= 1
    this.#judge()
  }

  /** Requests that run as far as is known: streams that have begun, and whole answers, which tell nothing before their end. */
  get #running(): number {
    return this.#pace.streams + this.#wholes
  }

  #endWhole(slot: Slot): void {
    this.#raisePeak()
    if (slot.filledLimit) this.#vote(slot, this.#hasReportedQueue)
  }

  get #hasReportedQueue(): boolean {
    return this.#reported.isThere(this.#inFlight, this.#now)
  }

  /** How long a wait for a first token is long, in milliseconds. */
  get #longWaitMs(): number {
    return Math.max(leastLongWaitMs, this.#baseline.longSteps * (this.#pace.interTokenMs ?? Number.POSITIVE_INFINITY))
  }

  #measurePace(now: number): void {
    this.#pace.measure(now)
    const { interTokenMs } = this.#pace
    if (interTokenMs === undefined || this.#earlyWaitsMs.length === 0) return
    for (const waitMs of this.#earlyWaitsMs.splice(0)) this.#baseline.add(waitMs / interTokenMs)
  }

  /**
   * Whether a wait that is over was long.
   * @param isTelling whether it shows what is normal: at first one of a request that runs beside all others, and so did not
   * wait for one of them to end; later on one that was sent without room to spare; never one from before the limit was set,
   * which may have been too high
   */
  #judgeWait(waitMs: number, isTelling: boolean): boolean {
    const { interTokenMs } = this.#pace
    if (interTokenMs === undefined) {
      if (isTelling) this.#earlyWaitsMs.push(waitMs)
      return false
    }
    if (interTokenMs === 0) return false
    const isLong = waitMs > this.#longWaitMs
    // What a probe does to waits must not become what is normal.
    if (isTelling && this.#phase !== 'probe') this.#baseline.add(waitMs / interTokenMs)
    return isLong
  }

  #vote(slot: Slot, isLong: boolean): void {
    if (this.#phase === 'ramp' && this.#mayGrow(isLong)) this.#value = Math.min(this.#max, this.#value + 1)
    if (slot.setting !== this.#setting) return
    this.#settingVotes += 1
    this.#votes += 1
    this.#votesSinceWorse += 1
    if (isLong) this.#longVotes += 1
  }

  /** Prompts that are read together make one another wait; with hardly one in line, the server could have read another. */
  #mayGrow(isLong: boolean): boolean {
    return (!isLong || this.#waiting.length <= 1) && !this.#hasReportedQueue
  }

  /** Only while the limit holds requests back does their wait say anything about it. */
  #judge(): void {
    if (this.hasRoom) return
    if (this.#phase !== 'ramp' && this.#followReports()) return
    switch (this.#phase) {
      case 'ramp':
        this.#judgeRamp()
        return
      case 'relief':
        this.#judgeRelief()
        return
      case 'probe':
        this.#judgeProbe()
        return
      case 'hold':
        this.#judgeHold()
    }
  }

  #judgeRamp(): void {
    const reportedEdge = this.#reportedEdge
    if (this.#isStalled()) this.#suspect(this.#peak * (1 - edgeMargin))
    else if (reportedEdge !== undefined) this.#find(reportedEdge * (1 - edgeMargin), 'queue-reported')
    else if (this.#votes >= windowVotes) this.#judgeWindow()
  }

  #judgeWindow(): void {
    const isFull = this.#longVotes >= windowLongVotes && this.#peakAt < this.#windowAt
    if (isFull) this.#suspect(this.#running)
    else this.#beginWindow()
  }

  /**
   * How many run, by a report of how many wait; `undefined` while that is not known. Those on their way are in no report
   * yet: streams show what runs as soon as no more of them have begun for a while.
   */
  get #reportedEdge(): number | undefined {
    const standing = this.#reported.standing(this.#inFlight)
    if (standing === undefined) return undefined
    const accepted = this.#inFlight - standing
    if (this.#waiting.length + this.#pace.streams === 0) return accepted
    const hasSettled = this.#now - this.#peakAt > this.#longWaitMs || this.#votes >= reportedQueueVotes
    return hasSettled ? Math.min(accepted, this.#peak) : undefined
  }

  /** Requests wait, and those that run have not become more for a while: the server takes no more. */
  #isStalled(): boolean {
    return this.#hasOverdue(stalledRequests) && this.#now - this.#peakAt > stalledWaits * this.#longWaitMs
  }

  /** Whether so many streams wait for their first token longer than is normal. */
  #hasOverdue(count: number): boolean {
    return this.#waiting.length >= count && this.#countOverdue(count) >= count
  }

  /** Streams that wait for their first token longer than is normal; counting ends at `most`. */
  #countOverdue(most = Number.POSITIVE_INFINITY): number {
    const sentBefore = this.#now - this.#longWaitMs
    let overdue = 0
    for (let slot = this.#waiting.first; slot !== undefined && overdue < most; slot = slot.next) {
      if (slot.startedAt >= sentBefore) break
      overdue += 1
    }
    return overdue
  }

  /** Whether a stream that was sent under this setting of the limit waits for its first token so many long waits. */
  #hasOverdueOfSetting(waits: number): boolean {
    const sentBefore = this.#now - waits * this.#longWaitMs
    for (let slot = this.#waiting.first; slot !== undefined && slot.startedAt < sentBefore; slot = slot.next)
      if (slot.setting === this.#setting) return true
    return false
  }

  /** Whether the server says that requests wait in it all the time: what is being tried out does not matter then. */
  #followReports(): boolean {
    const standing = this.#reported.standing(this.#inFlight)
    if (standing === undefined) return false
    // Those of other clients wait as well: it is no reason to give way to them altogether.
    this.#find(Math.max(this.#inFlight - standing, this.#value * leastSuspectedShare), 'queue-reported')
    return true
  }

  #judgeHold(): void {
    if (this.#votes >= windowVotes) {
      if (this.#longVotes >= windowLongVotes) this.#lower()
      this.#beginWindow()
    }
    if (this.#settingVotes >= this.#holdVotes) this.#tryRelief()
  }

  /**
   * A few less are tried first: where some only wait in the server, nobody has anything of it. One that refuses lets none
   * wait.
   */
  #tryRelief(floor = this.#running * (1 - reliefMargin)): void {
    const { value } = this
    const fewer = value - Math.max(1, Math.floor(value * reliefShare))
    const mayHelp = !this.#isRefusing && this.#settingWaits.length >= reliefVotes
    if (!mayHelp || fewer < Math.max(1, floor)) {
      this.#beginProbe()
      return
    }
    this.#unrelieved = this.#waitsUnderLimit
    this.#reliefFloor = floor
    this.#phase = 'relief'
    this.#set(fewer)
  }

  #judgeRelief(): void {
    const before = this.#unrelieved
    if (before === undefined || this.#settingWaits.length < reliefVotes) return
    if (isRelief(before, this.#waitsUnderLimit)) {
      this.#isSuspected = false
      this.#tell(before.limit, 'server-full')
      this.#tryRelief(this.#reliefFloor)
      return
    }
    this.#set(before.limit)
    this.#beginProbe()
  }

  get #waitsUnderLimit(): WaitsUnderLimit {
    const { meanMs, intervalMs } = this.#settingWaits
    return { limit: this.#value, meanMs, intervalMs }
  }

  #beginProbe(): void {
    if (this.#votesSinceWorse >= worseVotes) this.#worse = Number.POSITIVE_INFINITY
    this.#probesInRow = 0
    this.#probe(this.#value * (this.#isSuspected ? confirmingStepShare : firstStepShare))
  }

  /** Waits have become long although nothing was added: somebody else uses the server, or its edge has come down. */
  #lower(): void {
    const previous = this.#value
    this.#value = Math.max(1, previous - Math.max(1, Math.floor(previous * firstStepShare)))
    this.#edge = this.#value
    if (this.#value !== previous) this.#tell(previous, 'longer-waits')
  }

  #probe(step: number): void {
    this.#edge = this.#value
    const target = Math.min(this.#max, this.#worse - 1, this.#value + Math.max(1, Math.floor(step)))
    if (target <= this.#value) {
      this.#settle(this.#value)
      return
    }
    this.#step = target - this.#value
    this.#phase = 'probe'
    this.#set(target)
    this.#setPeak()
  }

  #judgeProbe(): void {
    if (this.#isProbeBad()) this.#endProbe()
    else if (this.#isProbeGood()) this.#widenProbe()
  }

  /** Back to the edge: it is where it was. */
  #endProbe(): void {
    this.#holdVotes = this.#isSuspected ? firstHoldVotes : Math.min(this.#holdVotes * 2, longestHoldVotes)
    this.#isSuspected = false
    this.#phase = 'hold'
    this.#set(this.#edge)
  }

  /** More requests run than before, and they wait no longer. */
  #isProbeGood(): boolean {
    return this.#votes >= probeVotes && this.#peak > this.#edge && this.#longVotes <= this.#votes * normalLongShare
  }

  #isProbeBad(): boolean {
    if (this.#peak <= this.#edge && this.#hasOverdueOfSetting(clearWaits)) return true
    const long = this.#longVotes
    if (long === this.#votes) return long >= clearLongVotes
    if (this.#votes >= probeVotes * longestProbe) return true
    return this.#votes >= probeVotes && long >= this.#votes * badLongShare
  }

  /** The server takes more: the next step is twice as long from the second one on. It ends where requests began to wait. */
  #widenProbe(): void {
    this.#holdVotes = firstHoldVotes
    const previous = this.#edge
    if (this.#isSuspected && this.#peak > this.#suspectedPeak) {
      // More run than ever: it was no edge. Long prompts of other requests, or a pause of the server, looked like one.
      this.#isSuspected = false
      this.#phase = 'ramp'
      this.#tell(previous, 'probe-accepted')
      return
    }
    this.#isSuspected = false
    if (this.#peak < this.#value) {
      this.#settle(this.#peak)
      this.#tell(previous, 'probe-accepted')
      return
    }
    this.#tell(previous, 'probe-accepted')
    const factor = this.#probesInRow > 0 ? 2 : 1
    this.#probesInRow += 1
    this.#probe(Math.min(this.#step * factor, this.#value * longestStepShare))
  }

  /** This looks like the edge. */
  #suspect(running: number): void {
    // Very short answers are hardly ever seen running: of those, what is not overdue counts as well.
    const isSeen = running >= this.#inFlight * seenShare
    const edge = isSeen ? running : Math.max(running, this.#inFlight - this.#countOverdue())
    this.#isRefusing = false
    const waiting = this.#inFlight - edge
    const lowest = this.#value * leastSuspectedShare
    if (waiting > this.#value * manyWaitingShare) {
      // With none in line the server would have no prompt to read when it could. Where that ends, probes find out in time.
      this.#find(Math.max(edge + waiting / 2, lowest), 'server-full')
      return
    }
    this.#suspectedPeak = this.#peak
    this.#find(Math.max(edge, lowest), 'server-full')
    this.#isSuspected = true
    this.#holdVotes = reliefVotes
  }

  /** Something was found out that says where the edge is. */
  #find(edge: number, reason: LimitReason): void {
    const { phase, value: previous } = this
    this.#settle(edge)
    this.#reported.clear()
    if (this.#value !== previous || phase === 'ramp') this.#tell(previous, reason)
  }

  #tell(previous: number, reason: LimitReason): void {
    this.onChange?.({ limit: this.#value, previous, reason })
  }

  /** The edge is found. */
  #settle(edge: number): void {
    this.#phase = 'hold'
    this.#isSuspected = false
    this.#holdVotes = firstHoldVotes
    this.#set(edge)
    this.#edge = this.#value
  }

  #set(value: number): void {
    this.#value = Math.min(this.#max, Math.max(1, Math.floor(value)))
    this.#setting += 1
    this.#settingWaits.clear()
    this.#settingVotes = 0
    this.#beginWindow()
  }

  #beginWindow(): void {
    this.#windowAt = this.#now
    this.#votes = 0
    this.#longVotes = 0
    this.#stalls = 0
  }

  #fail(failure: DuoModelError): void {
    if (failure.code === 'overloaded' || failure.code === 'rate-limit') this.#refuse()
    else if (DuoModelError.is(failure, 'timeout') && failure.phase === 'first-token')
      this.#find(this.#value * timeoutFactor, 'first-token-timeout')
    else if (failure.code === 'connection' || failure.code === 'stream-interrupted') this.#rebuild()
  }

  /** What a server has lost comes back one by one: sent all at once, prompts would wait for one another. */
  #rebuild(): void {
    const { phase, value: previous } = this
    this.#phase = 'ramp'
    this.#set(Math.min(previous, Math.max(this.#initial, this.#inFlight)))
    this.#setPeak()
    if (this.#value !== previous || phase !== 'ramp') this.#tell(previous, 'capacity-lost')
  }

  /** What was under way beside the refused request was accepted, unless it is refused as well: then this comes again. */
  #refuse(): void {
    this.#isRefusing = true
    const wasProbe = this.#phase === 'probe'
    const holdVotes = this.#holdVotes * 2
    this.#find(Math.min(this.#value, this.#inFlight - 1), 'refused')
    // After a refusal of little, such as for a quota, a hold of many requests would last for minutes.
    this.#holdVotes = wasProbe
      ? Math.min(holdVotes, longestHoldVotes)
      : Math.min(firstHoldVotes, this.#value * refusedHoldVotes)
  }

  /** Returns whether more run than before. */
  #raisePeak(): boolean {
    if (this.#running <= this.#peak) return false
    this.#setPeak()
    return true
  }

  #setPeak(): void {
    this.#peak = this.#running
    this.#peakAt = this.#now
  }
}
