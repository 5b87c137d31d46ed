import type { FillInTheMiddleFamily } from './family.js'

/** Qwen2.5-Coder, base models; the instruct models are asked in words. Source: the Qwen2.5-Coder README. */
export const qwenCoder: FillInTheMiddleFamily = {
  id: 'qwen-coder',
  matches: (model) => /qwen-?2\.5-?coder/.test(model) && !model.includes('instruct'),
  prompt: (prefix, suffix) => `<|fim_prefix|>${prefix}<|fim_suffix|>${suffix}<|fim_middle|>`,
  sentinels: [
    '<|fim_prefix|>',
    '<|fim_suffix|>',
    '<|fim_middle|>',
    '<|fim_pad|>',
    '<|repo_name|>',
    '<|file_sep|>',
    '<|endoftext|>',
    '<|im_start|>',
    '<|im_end|>',
  ],
  stopSequences: [
    '<|endoftext|>',
    '<|fim_pad|>',
    '<|repo_name|>',
    '<|file_sep|>',
    '<|fim_prefix|>',
    '<|fim_suffix|>',
    '<|fim_middle|>',
  ],
}
