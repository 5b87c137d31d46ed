import type { EmulatedAnswer, Respond, RespondRequest } from '../answer.js'

/** Asks the user's `respond` function, if there is one, and otherwise the emulator's own text. */
export async function answerFor(
  respond: Respond | undefined,
  request: RespondRequest,
  own: () => EmulatedAnswer,
): Promise<EmulatedAnswer> {
  if (respond === undefined) return own()
  const answer = await respond(request)
  return typeof answer === 'string' ? { text: answer } : answer
}
