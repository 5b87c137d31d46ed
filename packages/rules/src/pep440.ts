import { asciiLowerCase } from './ascii-lower-case.js'
import { rememberByText } from './remember-by-text.js'

/** A version number of the Python world, taken apart as PEP 440 describes. */
export interface Pep440Version {
  /** Rarely used; 0 when absent. Compared before everything else. */
  readonly epoch: number
  /** The dotted numbers, without zeros at the end. */
  readonly release: readonly number[]
  /** `a`, `b` or `rc` with its number. */
  readonly pre?: readonly [phase: 'a' | 'b' | 'rc', number: number]
  /** Number of the post-release. */
  readonly post?: number
  /** Number of the development release. */
  readonly dev?: number
  /** What follows the plus sign. */
  readonly local?: readonly (string | number)[]
}

const pattern = new RegExp(
  '^v?(?:(?<epoch>\\d{1,9})!)?(?<release>\\d{1,9}(?:\\.\\d{1,9}){0,15})' +
    '(?:[._-]?(?<phase>alpha|a|beta|b|preview|pre|c|rc)[._-]?(?<pre>\\d{0,9}))?' +
    '(?:-(?<implicitPost>\\d{1,9})|[._-]?(?<postWord>post|rev|r)[._-]?(?<post>\\d{0,9}))?' +
    '(?:[._-]?(?<devWord>dev)[._-]?(?<dev>\\d{0,9}))?' +
    '(?:\\+(?<local>[a-z0-9]{1,64}(?:[._-][a-z0-9]{1,64}){0,15}))?$',
)

// What nearly every version is.
const plainRelease = /^\d{1,9}(?:\.\d{1,9}){0,15}$/

const phases: Readonly<Record<string, 'a' | 'b' | 'rc'>> = {
  a: 'a',
  alpha: 'a',
  b: 'b',
  beta: 'b',
  c: 'rc',
  rc: 'rc',
  pre: 'rc',
  preview: 'rc',
}

/**
 * Reads a version in any spelling that PEP 440 normalises, such as `0.6.4.post1`, `v0.10.0rc1` or `1.0.dev3+cu121`.
 * @returns `undefined` for anything else
 */
export function parsePep440(text: string): Pep440Version | undefined {
  if (text.length > 256) return undefined
  if (plainRelease.test(text)) return { epoch: 0, release: trimZeros(text.split('.').map(Number)) }
  const groups = pattern.exec(asciiLowerCase(text.trim()))?.groups
  if (groups === undefined) return undefined
  const phase = phases[groups['phase'] ?? '']
  const post = groups['implicitPost'] ?? (groups['postWord'] === undefined ? undefined : groups['post'])
  return {
    epoch: Number(groups['epoch'] ?? 0),
    release: trimZeros((groups['release'] ?? '').split('.').map(Number)),
    ...(phase === undefined ? {} : { pre: [phase, Number(groups['pre'] ?? 0)] as const }),
    ...(post === undefined ? {} : { post: Number(post) }),
    ...(groups['devWord'] === undefined ? {} : { dev: Number(groups['dev'] ?? 0) }),
    ...(groups['local'] === undefined ? {} : { local: localParts(groups['local']) }),
  }
}

/** The same for rules: of the few versions that servers have, each is taken apart once. The answer is shared. */
export const knownPep440: (text: string) => Pep440Version | undefined = /* @__PURE__ */ rememberByText(parsePep440)

function trimZeros(numbers: readonly number[]): number[] {
  let length = numbers.length
  while (length > 1 && numbers[length - 1] === 0) length -= 1
  return numbers.slice(0, length)
}

function localParts(local: string): (string | number)[] {
  return local.split(/[._-]/).map((part) => (/^\d+$/.test(part) ? Number(part) : part))
}

/** Orders two versions as PEP 440 does: negative when `a` is older, 0 when they are the same, positive when newer. */
export function comparePep440(a: Pep440Version, b: Pep440Version): number {
  return (
    a.epoch - b.epoch ||
    compareNumbers(a.release, b.release) ||
    compareNumbers(preKey(a), preKey(b)) ||
    (a.post ?? -1) - (b.post ?? -1) ||
    compareDev(a.dev, b.dev) ||
    compareLocal(a.local, b.local)
  )
}

function compareNumbers(a: readonly number[], b: readonly number[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

// A development release alone comes before every pre-release of its version; a final release after all of them.
function preKey({ pre, post, dev }: Pep440Version): readonly [number, number] {
  if (pre !== undefined) return [{ a: 1, b: 2, rc: 3 }[pre[0]], pre[1]]
  return [post === undefined && dev !== undefined ? 0 : 4, 0]
}

function compareDev(a: number | undefined, b: number | undefined): number {
  if (a === b) return 0
  if (a === undefined) return 1
  if (b === undefined) return -1
  return a - b
}

function compareLocal(a: Pep440Version['local'], b: Pep440Version['local']): number {
  if (a === undefined || b === undefined) return (a === undefined ? 0 : 1) - (b === undefined ? 0 : 1)
  for (let index = 0; index < Math.min(a.length, b.length); index += 1) {
    const difference = compareLocalPart(a[index] ?? 0, b[index] ?? 0)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

// Numbers come after words, as PEP 440 has it.
function compareLocalPart(a: string | number, b: string | number): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  if (typeof a === 'number') return 1
  if (typeof b === 'number') return -1
  return a < b ? -1 : Number(a > b)
}
