import type { Message } from '../message.js'

/** A message that is no instruction for the whole conversation. */
export type TurnMessage = Exclude<Message, { role: 'system' }>

/** What one side says before the other one answers. */
export interface Turn<Block> {
  readonly role: 'user' | 'assistant'
  readonly content: Block[]
}

/**
 * A conversation in turns of user and assistant, as Bedrock and Anthropic want it: neighbours of one role become one
 * turn, and results of tools belong to the user's.
 */
export function joinTurns<Block>(
  messages: readonly Message[],
  blocksOf: (message: TurnMessage) => readonly Block[],
): Turn<Block>[] {
  const turns: Turn<Block>[] = []
  for (const message of messages) {
    if (message.role === 'system') continue
    const role = message.role === 'assistant' ? 'assistant' : 'user'
    const last = turns.at(-1)
    if (last?.role === role) last.content.push(...blocksOf(message))
    else turns.push({ role, content: [...blocksOf(message)] })
  }
  return turns
}

/** The instructions for the whole conversation; Bedrock refuses texts without a visible character. */
export function systemTexts(messages: readonly Message[]): string[] {
  return messages.flatMap((message) => (message.role === 'system' ? nonBlank(message.content) : []))
}

/** The text as a list of one, or of none where there is nothing to see in it. */
export function nonBlank(text: string | undefined): string[] {
  return text === undefined || text.trim() === '' ? [] : [text]
}
