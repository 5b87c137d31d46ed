import { gpuIds, modelIds } from '../catalog/catalog.generated.js'
import { catalog } from '../catalog/catalog.js'
import { findModel, findModelExactly } from '../find-model.js'
import { parseGitLabVersion } from '../gitlab-version.js'
import { findGpu } from '../hardware-facts.js'
import { nearest } from '../nearest.js'
import type { SupportLevel, SupportStatus } from '../vocabulary.js'

/** A place in a term's pattern that takes a value. */
export interface Slot {
  /** What it takes, for messages. */
  readonly expected: string
  /** Whether a word is such a value. */
  readonly accepts: (word: string) => boolean
  /** Values that look most like a word it does not accept. */
  readonly suggest: (word: string) => readonly string[]
}

const levels: readonly Exclude<SupportLevel, 'unlisted'>[] = ['full', 'partial', 'none', 'not-applicable', 'yes', 'no']
const statuses: readonly SupportStatus[] = ['generally-available', 'beta', 'experimental']
const largestCount = 1_000_000

/** The values that terms take. */
export const slots = {
  feature: oneOf('a feature', () => Object.keys(catalog.features)),
  platform: oneOf('a platform', () => Object.keys(catalog.platforms)),
  level: oneOf('a level', () => levels),
  status: oneOf('a status', () => statuses),
  family: oneOf('a model family', () => [...new Set(Object.values(catalog.models).map(({ familyKey }) => familyKey))]),
  gpu: {
    expected: 'a GPU id such as a100-80gb',
    accepts: (word: string) => findGpu(word) !== undefined,
    suggest: (word: string) => nearest(word, gpuIds),
  },
  count: {
    expected: `a whole number from 1 to ${largestCount}`,
    accepts: (word: string) => /^[1-9]\d{0,6}$/.test(word) && Number(word) <= largestCount,
    suggest: () => [],
  },
  release: {
    expected: 'a GitLab release such as 18.2',
    accepts: (word: string) => parseGitLabVersion(word) !== undefined,
    suggest: (word: string) => nearest(word, Object.keys(catalog.releases)),
  },
  model: {
    expected: 'a model id such as codestral-22b-v0.1, or a pattern such as llama-*',
    accepts: (word: string) => isGlob(word) || findModelExactly(word) !== undefined,
    suggest: (word: string) => findModel(word).suggestions ?? nearest(word, modelIds),
  },
} as const satisfies Readonly<Record<string, Slot>>

/** Whether a model is named by a pattern. */
export function isGlob(word: string): boolean {
  return /[*?]/.test(word)
}

// Ids are written in lower case; case does not count in a query.
function oneOf(kind: string, words: () => readonly string[]): Slot {
  return {
    get expected() {
      const known = words()
      return known.length > 6 ? `${kind} such as ${known.slice(0, 3).join(', ')}` : `${kind}: ${known.join(', ')}`
    },
    accepts: (word) => words().includes(word.toLowerCase()),
    suggest: (word) => nearest(word, words()),
  }
}
