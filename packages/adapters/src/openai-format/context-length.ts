/** What a context-length message says; a figure it does not give is absent. */
export interface ContextLengthFacts {
  readonly maxModelLength?: number
  readonly requestedTokens?: number
}

const subject = /maximum context length|maximum model length|longer than the maximum|context_length_exceeded/i
const limits = [
  /maximum context length (?:is|of) (\d+)/i,
  /maximum model length of (\d+)/i,
  /maximum context length \((\d+)\)/i,
]
const requests = [
  /for a total of (?:at least )?(\d+)/i,
  /you requested (\d+) tokens/i,
  /resulted in (\d+) tokens/i,
  /\(length (\d+)\)/i,
  /Input length \((\d+)\)/i,
]

/** Reads the figures of a context-length message, old and new; `undefined` where the message is about something else. */
export function readContextLength(message: string): ContextLengthFacts | undefined {
  if (!subject.test(message)) return undefined
  const maxModelLength = firstNumber(message, limits)
  const requestedTokens = firstNumber(message, requests)
  return {
    ...(maxModelLength !== undefined && { maxModelLength }),
    ...(requestedTokens !== undefined && { requestedTokens }),
  }
}

function firstNumber(text: string, patterns: readonly RegExp[]): number | undefined {
  for (const pattern of patterns) {
    const digits = pattern.exec(text)?.[1]
    if (digits !== undefined && Number.isSafeInteger(Number(digits))) return Number(digits)
  }
  return undefined
}
