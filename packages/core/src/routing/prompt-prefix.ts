import type { ModelRequest } from '../model-request.js'
import { addToHash, emptyHash, finishHash, hashText } from './hash-text.js'

/** The start of a prompt as a server's prefix cache sees it: one hash for each prefix, from the shortest on. */
export interface PromptPrefix {
  readonly hashes: readonly number[]
  /** From this one on, a match saves enough to prefer the replica that has it. */
  readonly firstWorthwhile: number
}

/** Characters of a block; further on they grow, so that a long prompt has few. */
const blockCharacters = 512
const longBlockCharacters = 2_048
const shortBlocks = 16
const maxBlocks = 64
/** One character in so many is looked at: an edit between two of them costs a worse choice at most. */
const stride = 16

/** Cuts the start of a request's prompt into hashed prefixes. */
export function promptPrefix(request: ModelRequest): PromptPrefix {
  const { repository, conversation } = request.metadata ?? {}
  const hasher = new PrefixHasher()
  if (repository !== undefined) hasher.hashes.push(hashText(`repository ${repository}`))
  addPrompt(hasher, request)
  hasher.finish()
  const { hashes } = hasher
  if (conversation !== undefined) hashes.push(hashText(`conversation ${conversation}`))
  return { hashes, firstWorthwhile: repository === undefined ? (hashes.length - 1) >> 1 : 0 }
}

function addPrompt(hasher: PrefixHasher, request: ModelRequest): void {
  if ('messages' in request) {
    for (const { role, content } of request.messages) {
      hasher.add(role)
      hasher.add(content ?? '')
    }
    return
  }
  if ('instruction' in request) hasher.add(request.instruction)
  hasher.add(request.filePath ?? '')
  hasher.add(request.prefix ?? '')
}

class PrefixHasher {
  readonly hashes: number[] = []
  #hash = emptyHash
  #position = 0
  #blockEnd = blockCharacters
  #blocks = 0

  /** Long prompts are common, so this looks at few characters and makes nothing. */
  add(text: string): void {
    const { length } = text
    let index = 0
    let hash = this.#hash
    while (this.#blocks < maxBlocks && index < length) {
      const end = Math.min(length, index + this.#blockEnd - this.#position)
      for (let at = index; at < end; at += stride) hash = addToHash(hash, text.charCodeAt(at))
      this.#position += end - index
      index = end
      if (this.#position === this.#blockEnd) this.#endBlock(hash)
    }
    this.#hash = addToHash(hash, length)
  }

  /** A prompt that is shorter than a block counts as one. */
  finish(): void {
    if (this.#blocks === 0) this.#endBlock(this.#hash)
  }

  #endBlock(hash: number): void {
    this.hashes.push(finishHash(hash))
    this.#blocks += 1
    this.#blockEnd = this.#position + (this.#blocks < shortBlocks ? blockCharacters : longBlockCharacters)
  }
}
