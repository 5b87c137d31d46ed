import type { Message } from '../message.js'
import { breakSentinels } from './break-sentinels.js'
import type { CodePlan } from './code-plan.js'
import { createInstructCleaner } from './instruct-cleaner.js'

/** The marks around the parts of an instruct prompt; user code cannot contain them unbroken. */
export const instructMarks = {
  before: ['<code_before_cursor>', '</code_before_cursor>'],
  after: ['<code_after_cursor>', '</code_after_cursor>'],
  answer: ['<code_at_cursor>', '</code_at_cursor>'],
} as const

const allMarks = Object.values(instructMarks).flat()

/** What an instruct prompt for completion is made from. */
export interface InstructCompletionInput {
  readonly prefix: string
  readonly suffix?: string | undefined
  readonly language?: string | undefined
  readonly filePath?: string | undefined
}

/** Asks in words for the code at the cursor: for models, or platforms, without fill-in-the-middle tokens. */
export function planInstructCompletion(input: InstructCompletionInput): CodePlan {
  const { prefix, suffix = '' } = input
  const messages: Message[] = [
    { role: 'system', content: instructions },
    { role: 'user', content: codeAroundCursor(input) },
  ]
  return {
    request: { kind: 'chat', messages },
    stopSequences: [instructMarks.answer[1]],
    createCleaner: () => createInstructCleaner({ prefix, suffix, marks: instructMarks.answer }),
  }
}

const instructions = [
  'You complete code at the cursor of an editor.',
  `You get the code before the cursor in ${instructMarks.before[0]} and the code after it in ${instructMarks.after[0]}.`,
  `Answer with the text to insert at the cursor, between ${instructMarks.answer[0]} and ${instructMarks.answer[1]}.`,
  'Repeat nothing of what is before or after the cursor. Explain nothing. Use no Markdown.',
].join('\n')

/** The code before and after the cursor between marks, with file and language where they are known. */
export function codeAroundCursor({ prefix, suffix, language, filePath }: InstructCompletionInput): string {
  const facts = [filePath && `File: ${oneLine(filePath)}`, language && `Language: ${oneLine(language)}`].filter(Boolean)
  const [beforeStart, beforeEnd] = instructMarks.before
  const [afterStart, afterEnd] = instructMarks.after
  return [
    ...facts,
    `${beforeStart}${breakSentinels(prefix, allMarks)}${beforeEnd}`,
    `${afterStart}${breakSentinels(suffix ?? '', allMarks)}${afterEnd}`,
  ].join('\n')
}

function oneLine(text: string): string {
  return breakSentinels(text.replace(/\s+/g, ' ').trim(), allMarks)
}
