/** Names a block by its tokens and all tokens before it: two blocks with one key hold the same cache entries. */
export type BlockKey = string | number

/** A full block that further sequences may share. */
export interface SharedBlock {
  readonly key: BlockKey
  /** Sequences that hold it; with none it may be evicted. */
  users: number
  older: SharedBlock | undefined
  newer: SharedBlock | undefined
}

/** What a sequence holds of the key-value cache. Only {@link BlockPool} changes it. */
export interface BlockTable {
  /** All blocks of the sequence. */
  blocks: number
  /** Those of them that are in the prefix cache. */
  readonly shared: SharedBlock[]
}

/**
 * The blocks of a key-value cache, with vLLM's prefix cache: full blocks stay after their last user and are shared by
 * whoever starts with the same tokens, until the room is needed; then the one that was left the longest ago goes first.
 *
 * Blocks that cannot be shared are alike and only counted, so a pool costs nothing but what is in its prefix cache.
 */
export class BlockPool {
  readonly total: number
  readonly #byKey = new Map<BlockKey, SharedBlock>()
  /** Blocks in use that are not in the prefix cache. */
  #plain = 0
  /** Blocks of the prefix cache that have users. */
  #sharedInUse = 0
  /** The ends of the list of shared blocks without users, by when they were left. */
  #oldest: SharedBlock | undefined
  #newest: SharedBlock | undefined

  /** `total`: vLLM's `num_gpu_blocks`. */
  constructor(total: number) {
    this.total = total
  }

  /** Blocks that can be taken, those that would have to be evicted included. */
  get available(): number {
    return this.total - this.#plain - this.#sharedInUse
  }

  /** Share of the blocks in use, 0 to 1. */
  get usage(): number {
    return (this.#plain + this.#sharedInUse) / this.total
  }

  /** How many of the first `most` blocks of a sequence are in the prefix cache without a gap. */
  countHits(blockKey: (index: number) => BlockKey | undefined, most: number): number {
    let hits = 0
    for (; hits < most; hits += 1) {
      const key = blockKey(hits)
      if (key === undefined || !this.#byKey.has(key)) break
    }
    return hits
  }

  /** Gives a sequence its first `hits` blocks from the prefix cache, and `plain` more; `false`, and nothing, without room. */
  start(
    table: BlockTable,
    blockKey: (index: number) => BlockKey | undefined,
    { hits, plain }: { readonly hits: number; readonly plain: number },
  ): boolean {
    const found: SharedBlock[] = []
    let idle = 0
    for (let index = 0; index < hits; index += 1) {
      const block = this.#byKey.get(blockKey(index) ?? '')
      if (block === undefined) return false
      if (block.users === 0) idle += 1
      found.push(block)
    }
    if (this.available - idle < plain) return false
    for (const block of found) this.#use(block)
    table.shared.push(...found)
    table.blocks = hits
    return this.grow(table, plain)
  }

  /** Gives a sequence more blocks; `false`, and nothing, without room. */
  grow(table: BlockTable, blocks: number): boolean {
    if (this.available < blocks) return false
    for (let missing = blocks - this.#unused(); missing > 0; missing -= 1) this.#evictOldest()
    this.#plain += blocks
    table.blocks += blocks
    return true
  }

  /** Puts a full block of a sequence into the prefix cache. Where its tokens are there already, the copy stays plain. */
  share(table: BlockTable, key: BlockKey): void {
    if (this.#byKey.has(key)) return
    const block: SharedBlock = { key, users: 1, older: undefined, newer: undefined }
    this.#byKey.set(key, block)
    this.#plain -= 1
    this.#sharedInUse += 1
    table.shared.push(block)
  }

  /** Takes all blocks of a sequence back. */
  release(table: BlockTable): void {
    this.#plain -= table.blocks - table.shared.length
    // From the end: a block is of no use without those before it, so it has to be evicted before them.
    for (let index = table.shared.length - 1; index >= 0; index -= 1) {
      const block = table.shared[index]
      if (block !== undefined) this.#leave(block)
    }
    table.blocks = 0
    table.shared.length = 0
  }

  #unused(): number {
    return this.total - this.#plain - this.#byKey.size
  }

  #use(block: SharedBlock): void {
    if (block.users === 0) {
      this.#unlink(block)
      this.#sharedInUse += 1
    }
    block.users += 1
  }

  #leave(block: SharedBlock): void {
    block.users -= 1
    if (block.users > 0) return
    this.#sharedInUse -= 1
    block.older = this.#newest
    if (this.#newest === undefined) this.#oldest = block
    else this.#newest.newer = block
    this.#newest = block
  }

  #evictOldest(): void {
    const block = this.#oldest
    if (block === undefined) return
    this.#unlink(block)
    this.#byKey.delete(block.key)
  }

  #unlink(block: SharedBlock): void {
    const { older, newer } = block
    if (older === undefined) this.#oldest = newer
    else older.newer = newer
    if (newer === undefined) this.#newest = older
    else newer.older = older
    block.older = undefined
    block.newer = undefined
  }
}
