import type { Random } from '../random.js'
import { chatAnswer } from './chat-answer.js'
import { fillCode, looksLikeCode } from './code-infill.js'
import { parseFillInTheMiddle } from './fill-in-the-middle-prompt.js'

/** How a prompt goes on: the code between prefix and suffix, the next line of code, or a few sentences. */
export function completionText(prompt: string, random: Random): string {
  const middle = parseFillInTheMiddle(prompt)
  if (middle !== undefined) return fillCode(middle.prefix, middle.suffix, random)
  if (looksLikeCode(prompt)) return fillCode(prompt, '', random)
  return ` ${chatAnswer(prompt, random)}`
}
