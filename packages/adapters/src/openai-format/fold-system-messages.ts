import type { Message } from '../message.js'

/**
 * Moves the text of system messages to the front of the first user turn, for models whose chat template refuses the
 * system role. Without a user turn it becomes one.
 */
export function foldSystemMessages(messages: readonly Message[]): readonly Message[] {
  const system = messages.filter((message) => message.role === 'system').map((message) => message.content)
  if (system.length === 0) return messages
  const others = messages.filter((message) => message.role !== 'system')
  const firstUser = others.findIndex((message) => message.role === 'user')
  const instructions = system.join('\n\n')
  if (firstUser === -1) return [{ role: 'user', content: instructions }, ...others]
  return others.map((message, index) =>
    index === firstUser && message.role === 'user'
      ? { role: 'user', content: `${instructions}\n\n${message.content}` }
      : message,
  )
}
