import type { Message } from '../message.js'
import type { CodePlan } from './code-plan.js'
import { createInstructCleaner } from './instruct-cleaner.js'
import { codeAroundCursor } from './instruct-completion.js'

/** What code is wanted, and where it goes. */
export interface CodeGenerationInput {
  /** What the code has to do, in the user's words. */
  readonly instruction: string
  /** The text before the cursor. */
  readonly prefix?: string | undefined
  /** The text after the cursor. */
  readonly suffix?: string | undefined
  /** The programming language. */
  readonly language?: string | undefined
  /** The file's path in its project. */
  readonly filePath?: string | undefined
}

const instructions =
  'You write code. Answer with the code alone, in one fenced code block, and explain nothing. ' +
  'When you get the code around a cursor, write what has to be inserted there, and repeat nothing of that code.'

/** Plans how to ask a model, in words, for new code; the cleaner takes it out of its fence. */
export function planCodeGeneration(input: CodeGenerationInput): CodePlan {
  const { prefix = '', suffix = '', instruction, language, filePath } = input
  const hasContext = `${prefix}${suffix}${language ?? ''}${filePath ?? ''}` !== ''
  const context = hasContext ? `${codeAroundCursor({ prefix, suffix, language, filePath })}\n\n` : ''
  const messages: Message[] = [
    { role: 'system', content: instructions },
    { role: 'user', content: `${context}${instruction}` },
  ]
  return {
    request: { kind: 'chat', messages },
    stopSequences: [],
    createCleaner: () => createInstructCleaner({ prefix, suffix }),
  }
}
