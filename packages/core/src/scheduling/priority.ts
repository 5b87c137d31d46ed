/**
 * How urgent a request is: `interactive` has somebody waiting for it, `background` takes what capacity is left.
 */
export type Priority = 'interactive' | 'background'

/** Both, the more urgent one first. */
export const priorities: readonly Priority[] = ['interactive', 'background']
