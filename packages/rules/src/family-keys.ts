import type { FamilyKey } from './vocabulary.js'

/** Every key of a model family that GitLab has. */
export const familyKeys = [
  'mistral',
  'mixtral',
  'codestral',
  'llama3',
  'codegemma',
  'codellama',
  'deepseekcoder',
  'claude_3',
  'gpt',
  'general',
  'gemini',
  'embedding',
  'qwen',
] as const satisfies readonly FamilyKey[]
