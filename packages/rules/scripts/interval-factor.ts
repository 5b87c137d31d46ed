/**
 * The factor that holds the truth around a prediction, from ratios of predicted to true values that were left out of the
 * fit: the wider of the 95 % prediction interval of their logarithms and the range that holds nine tenths of them. Few
 * rows with a few far ones need both: the first alone may hold too little, the second alone rests on one row.
 */
export function intervalFactor(ratios: readonly number[]): number {
  const errors = ratios.map((ratio) => Math.abs(Math.log(ratio))).sort((a, b) => a - b)
  const count = errors.length
  const deviation = Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / count)
  const halfWidth = studentQuantile(count - 1) * deviation * Math.sqrt(1 + 1 / count)
  const holdsNineTenths = errors[Math.ceil(0.9 * count) - 1] ?? 0
  return Math.exp(Math.max(halfWidth, holdsNineTenths))
}

/** The 97.5 % point of Student's distribution, by its expansion around the normal one; good to 0.005 from 10 degrees on. */
export function studentQuantile(degrees: number): number {
  const z = 1.959964
  const first = (z ** 3 + z) / 4
  const second = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96
  return z + first / degrees + second / degrees ** 2
}
