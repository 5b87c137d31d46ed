const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }
/** Longer than any duration that is meant. */
const maxLength = 64

/** A duration such as `6m0s` or `20ms` in milliseconds, rounded up; a bare number is seconds. 0 is `undefined`. */
export function readDurationMs(text: string | undefined): number | undefined {
  if (text === undefined || text.length > maxLength) return undefined
  if (isPlainNumber(text)) return positiveMs(Number(text) * 1000)
  if (!/^(\d+(\.\d+)?(ms|[smhd]))+$/.test(text.trim())) return undefined
  let total = 0
  for (const part of text.match(/\d+(?:\.\d+)?(?:ms|[smhd])/g) ?? []) {
    const amount = Number.parseFloat(part)
    total += amount * (unitMs[part.replace(/^[\d.]+/, '')] ?? 0)
  }
  return positiveMs(total)
}

/** A number without sign and exponent. */
export function isPlainNumber(text: string): boolean {
  return /^\s*\d+(\.\d+)?\s*$/.test(text)
}

/** Whole milliseconds of a time that lies ahead; `undefined` for any other. */
export function positiveMs(value: number): number | undefined {
  return Number.isFinite(value) && value > 0 && value <= Number.MAX_SAFE_INTEGER ? Math.ceil(value) : undefined
}
