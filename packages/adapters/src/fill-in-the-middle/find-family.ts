import { codeLlama } from './code-llama.js'
import { codegemma } from './codegemma.js'
import { codestral } from './codestral.js'
import { deepseekCoder } from './deepseek-coder.js'
import type { FillInTheMiddleFamily } from './family.js'
import { qwenCoder } from './qwen-coder.js'
import { starcoder } from './starcoder.js'

/** Every family with fill-in-the-middle tokens. */
export const fillInTheMiddleFamilies: readonly FillInTheMiddleFamily[] = [
  codestral,
  codegemma,
  codeLlama,
  deepseekCoder,
  qwenCoder,
  starcoder,
]

/** The family a model belongs to by its catalog id, Hugging Face id or family key; `undefined` has to be asked in words. */
export function findFillInTheMiddleFamily(model: string): FillInTheMiddleFamily | undefined {
  const name = normalizeModelName(model)
  return fillInTheMiddleFamilies.find((family) => family.matches(name))
}

/** The spelling families look at: lower case, with `-` for `_` and blanks. */
export function normalizeModelName(model: string): string {
  return model.toLowerCase().replace(/[_\s]/g, '-')
}
