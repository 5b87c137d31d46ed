import { createRandom, type Random } from '../random.js'
import type { RecordedRequest } from '../recorded-request.js'
import { checkFault, type FaultAbilities } from './check-fault.js'
import type { Fault, FaultTrigger, RequestFault, ResetOnAcceptFault } from './fault.js'

/** A fault that strikes now. */
export interface FaultHit {
  readonly fault: RequestFault
  /** How often it has struck before. */
  readonly earlierHits: number
}

interface Entry<Kind extends Fault> {
  readonly fault: Kind
  readonly random: Random
  seen: number
  hits: number
}

/** Decides which fault strikes which request. The first one in the list whose conditions hold wins. */
export class FaultPlan {
  readonly #ofRequests: readonly Entry<RequestFault>[]
  readonly #ofConnections: readonly Entry<ResetOnAcceptFault>[]

  /** Throws `EmulatorError` (`invalid-option`) for a fault that cannot be carried out. */
  constructor(faults: readonly Fault[], seed: number, abilities: FaultAbilities) {
    const entries = faults.map((fault, index) => {
      checkFault(fault, `faults[${index}]`, abilities)
      return { fault, random: createRandom('fault', seed, index), seen: 0, hits: 0 }
    })
    this.#ofConnections = entries.filter((entry): entry is Entry<ResetOnAcceptFault> => isOfConnection(entry.fault))
    this.#ofRequests = entries.filter((entry): entry is Entry<RequestFault> => !isOfConnection(entry.fault))
  }

  /** The fault for a request that has arrived completely. */
  forRequest(request: RecordedRequest, pathname: string): FaultHit | undefined {
    const entry = this.#ofRequests.find(
      (candidate) => matches(candidate.fault, request, pathname) && strikes(candidate, hitLimit(candidate.fault)),
    )
    return entry && { fault: entry.fault, earlierHits: entry.hits - 1 }
  }

  /** Whether a new connection is to be reset. */
  resetsConnection(): boolean {
    return this.#ofConnections.some((entry) => strikes(entry, entry.fault.times))
  }
}

function isOfConnection(fault: Fault): fault is ResetOnAcceptFault {
  return fault.kind === 'reset' && fault.when === 'accept'
}

function matches({ path, method, requests }: FaultTrigger, request: RecordedRequest, pathname: string): boolean {
  const isPath = path === undefined || path === pathname
  const isMethod = method === undefined || method === request.method
  return isPath && isMethod && (requests === undefined || requests.includes(request.index))
}

function hitLimit(fault: RequestFault): number | undefined {
  if (fault.kind === 'raw' && 'sequence' in fault.response) return fault.times ?? fault.response.sequence.length
  return fault.times
}

function strikes(entry: Entry<Fault>, times: number | undefined): boolean {
  const { after = 0, probability = 1 } = entry.fault
  entry.seen += 1
  if (entry.seen <= after || entry.hits >= (times ?? Number.POSITIVE_INFINITY)) return false
  if (probability < 1 && entry.random.next() >= probability) return false
  entry.hits += 1
  return true
}
