import { findFlag } from './config-object.js'
import type { FlagField } from './family.js'
import type { ModelConfig } from './model-config.js'

/** A yes or no as the family has it, or as the field that decides it. */
export function decideFlag({ text }: ModelConfig, rule: boolean | FlagField): boolean {
  return typeof rule === 'boolean' ? rule : (findFlag(text, [rule.field]) ?? rule.otherwise)
}
