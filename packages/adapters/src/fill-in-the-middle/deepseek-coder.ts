import type { FillInTheMiddleFamily } from './family.js'

/**
 * DeepSeek-Coder v1 and v2, base models; the instruct models are asked in words. The bar is U+FF5C and the low line
 * U+2581. Source: the DeepSeek-Coder README.
 */
export const deepseekCoder: FillInTheMiddleFamily = {
  id: 'deepseek-coder',
  matches: (model) => /deepseek-?coder/.test(model) && !model.includes('instruct'),
  prompt: (prefix, suffix) => `<｜fim▁begin｜>${prefix}<｜fim▁hole｜>${suffix}<｜fim▁end｜>`,
  sentinels: [
    '<｜fim▁begin｜>',
    '<｜fim▁hole｜>',
    '<｜fim▁end｜>',
    '<｜begin▁of▁sentence｜>',
    '<｜end▁of▁sentence｜>',
    '<|EOT|>',
  ],
  stopSequences: ['<｜end▁of▁sentence｜>', '<｜fim▁begin｜>', '<｜fim▁hole｜>', '<｜fim▁end｜>'],
}
