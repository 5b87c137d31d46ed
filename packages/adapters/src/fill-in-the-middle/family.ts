import type { PromptPart } from '../adapter-request.js'

/** A family of models that were trained to fill in the middle, and how they want to be asked. */
export interface FillInTheMiddleFamily {
  /** Its name in messages and tests. */
  readonly id: string
  /** Tells whether the model belongs to it. The name comes in lower case with `-` for `_` and blanks. */
  matches(model: string): boolean
  /** The prompt around text in which the {@link sentinels} have been broken. No BOS: the server adds it. */
  prompt(prefix: string, suffix: string): string
  /**
   * The same prompt in pieces, with the ids of its control tokens; `undefined` for a member of the family whose ids are
   * not known. Only families that are served with a tokenizer that does not recognise them in text need it.
   */
  promptParts?(prefix: string, suffix: string, model: string): readonly PromptPart[] | undefined
  /** Every string the tokenizer turns into a control token and that would change the prompt's meaning. */
  readonly sentinels: readonly string[]
  /** Strings that end the output, as a second line behind the token ids. */
  readonly stopSequences: readonly string[]
  /** Token ids that end the output; text stops never see them while special tokens are skipped. */
  readonly stopTokenIds?: readonly number[]
}
