import type { Replica } from './replica.js'

/**
 * `joined`: it may get requests. `left`: it gets no new ones. `drained`: those under way are done, and its connection is
 * closed.
 */
export type ReplicaChange = 'joined' | 'left' | 'drained'

/** The replicas of a deployment, which may come and go while requests are under way. */
export class ReplicaSet {
  /** Told after each change, once for each replica. */
  onChange: ((replica: Replica, change: ReplicaChange) => void) | undefined
  readonly #create: (endpoint: string | undefined) => Replica
  readonly #leaving = new Set<Replica>()
  #members: readonly Replica[]

  /**
   * @param endpoints one replica each; where there are none, one that the platform finds by region
   * @param create makes a replica
   */
  constructor(endpoints: readonly string[], create: (endpoint: string | undefined) => Replica) {
    this.#create = create
    this.#members = endpoints.length > 0 ? endpoints.map((endpoint) => create(endpoint)) : [create(undefined)]
  }

  /** Those that may get requests, in the order of their endpoints. A list is never changed, but replaced. */
  get members(): readonly Replica[] {
    return this.#members
  }

  /** How many have left and still finish what is under way. */
  get draining(): number {
    return this.#leaving.size
  }

  /** Whether they have endpoints, so that there may be others. */
  get hasEndpoints(): boolean {
    return this.#members.every(({ endpoint }) => endpoint !== undefined)
  }

  /**
   * Replaces the endpoints. A replica whose endpoint is listed again stays as it is; one that is new begins gently; one
   * that is missing finishes what is under way. An endpoint that left and comes back is a new replica.
   * @returns those that left
   */
  replace(endpoints: readonly string[]): ReadonlySet<Replica> {
    const before = this.#members
    const staying = groupByEndpoint(before)
    this.#members = endpoints.map((endpoint) => staying.get(endpoint)?.shift() ?? this.#join(endpoint))
    const left = new Set([...staying.values()].flat())
    for (const replica of left) this.#retire(replica)
    this.#tell(before, left)
    return left
  }

  /** Closes every connection, those that were still finishing included. */
  async close(): Promise<void> {
    await Promise.all([...this.#members, ...this.#leaving].map((replica) => replica.close()))
  }

  #join(endpoint: string): Replica {
    const replica = this.#create(endpoint)
    replica.circuit.startGently()
    replica.health.nextAt = Number.NEGATIVE_INFINITY
    return replica
  }

  #retire(replica: Replica): void {
    // A connection that cannot be closed is gone all the same.
    this.#leaving.add(replica)
    void replica
      .retire()
      .catch(() => {})
      .then(() => {
        this.#leaving.delete(replica)
        this.onChange?.(replica, 'drained')
      })
  }

  #tell(before: readonly Replica[], left: ReadonlySet<Replica>): void {
    for (const replica of this.#members) if (!before.includes(replica)) this.onChange?.(replica, 'joined')
    for (const replica of left) this.onChange?.(replica, 'left')
  }
}

/** An endpoint may be listed twice, and is then two replicas. */
function groupByEndpoint(replicas: readonly Replica[]): Map<string | undefined, Replica[]> {
  const groups = new Map<string | undefined, Replica[]>()
  for (const replica of replicas) {
    const group = groups.get(replica.endpoint)
    if (group === undefined) groups.set(replica.endpoint, [replica])
    else group.push(replica)
  }
  return groups
}
