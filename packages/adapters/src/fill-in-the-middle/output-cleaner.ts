/**
 * Turns what a model wrote into the code that was asked for, piece by piece while it streams. How the text is cut into
 * pieces makes no difference to the result. One cleaner serves one answer.
 */
export interface OutputCleaner {
  /** Takes the next piece and returns what is certain by now; often empty, because a fence or an echo may be in the making. */
  push(text: string): string
  /** The answer is over: returns what was held back. */
  flush(): string
}
