/**
 * The largest whole number from `least` to `largest` that holds, where everything below one that holds holds too;
 * `undefined` where not even the least does.
 */
export function largestThat(holds: (value: number) => boolean, least: number, largest: number): number | undefined {
  if (largest < least || !holds(least)) return undefined
  if (holds(largest)) return largest
  let good = least
  let bad = largest
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2)
    if (holds(middle)) good = middle
    else bad = middle
  }
  return good
}
