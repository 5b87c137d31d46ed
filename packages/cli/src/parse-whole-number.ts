import { InvalidArgumentError } from 'commander'

/** Makes a reader for an option that is a whole number from `least` to `most`. */
export function parseWholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const number = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN
    if (number >= least && number <= most) return number
    const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`
    throw new InvalidArgumentError(`It is no whole number ${range}.`)
  }
}
