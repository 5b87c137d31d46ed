/**
 * Lengths of the responses of one burst, in tokens: spread evenly from half of the mean to one and a half times as much,
 * their mean being the one that is asked for. The documented response times give means only; that their slowest response
 * took 1.3 to 1.6 times as long as the mean one, whether 10 or 100 were asked for, speaks for a spread like this.
 */
export function responseLengths(mean: number, requests: number): readonly number[] {
  return Array.from({ length: requests }, (_, index) => Math.round(mean * (0.5 + (index + 0.5) / requests)))
}
