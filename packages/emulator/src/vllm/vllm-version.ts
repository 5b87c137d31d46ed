import { EmulatorError } from '../emulator-error.js'

/** A version as PEP 440 orders it. The local part (`+gabc123`) is dropped: it does not take part in the comparisons here. */
export type VllmVersion = readonly number[]

const pattern =
  /^v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(alpha|a|beta|b|preview|pre|c|rc)[-_.]?(\d*))?(?:-(\d+)|[-_.]?(?:post|rev|r)[-_.]?(\d*))?(?:[-_.]?dev[-_.]?(\d*))?(?:\+[a-z0-9]+(?:[-_.][a-z0-9]+)*)?$/i

const preReleaseRank: Readonly<Record<string, number>> = {
  a: 0,
  alpha: 0,
  b: 1,
  beta: 1,
  c: 2,
  pre: 2,
  preview: 2,
  rc: 2,
}
/** Release numbers are padded to this many parts, so that 0.10 equals 0.10.0. */
const releaseParts = 4
const development = -1
const final = 3

/** Parses a version such as `0.6.4.post1` or `0.11.1rc2.dev3+gabc`. Throws {@link EmulatorError} for anything else. */
export function parseVllmVersion(text: string): VllmVersion {
  const match = pattern.exec(text.trim())
  if (match === null || text.length > 100) {
    const message = `version ${JSON.stringify(text.slice(0, 100))} is not a PEP 440 version; write it as vLLM does, such as "0.11.0".`
    throw new EmulatorError('invalid-option', message)
  }
  const [, epoch, release = '', preName, preNumber, postShort, postNumber, devNumber] = match
  const numbers = release.split('.').map(Number)
  const padded = Array.from({ length: Math.max(releaseParts, numbers.length) }, (_, index) => numbers[index] ?? 0)
  const post = postShort ?? postNumber
  const hasPre = preName !== undefined
  const isDevelopmentOfFinal = devNumber !== undefined && !hasPre && post === undefined
  const preRank = hasPre ? (preReleaseRank[preName.toLowerCase()] ?? 0) : isDevelopmentOfFinal ? development : final
  return [
    Number(epoch ?? 0),
    ...padded.slice(0, releaseParts),
    preRank,
    Number(preNumber ?? 0),
    post === undefined ? -1 : Number(post),
    devNumber === undefined ? Number.POSITIVE_INFINITY : Number(devNumber),
  ]
}

/** Negative, zero or positive as `a` is older than, equal to or newer than `b`. */
export function compareVllmVersions(a: VllmVersion, b: VllmVersion): number {
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const [left = 0, right = 0] = [a[index], b[index]]
    if (left !== right) return left < right ? -1 : 1
  }
  return 0
}
