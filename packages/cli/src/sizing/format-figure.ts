/** A size in GiB, with the digits that an estimate deserves. */
export function formatGiB(size: number): string {
  return `${size.toFixed(2)} GiB`
}

/** A whole number with separators. */
export function formatCount(count: number): string {
  return Math.round(count).toLocaleString('en-US')
}

/** A time: milliseconds below a second and a half, seconds above. */
export function formatMilliseconds(ms: number): string {
  return ms < 1_500 ? `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`
}
