import type { FillInTheMiddleFamily } from './family.js'

/**
 * CodeGemma 2B and 7B, pretrained; the instruction-tuned model is asked in words. No blank or line break follows a
 * token. Source: ai.google.dev/gemma/docs/codegemma/prompt-structure; ids 67 to 70 are the four control tokens.
 */
export const codegemma: FillInTheMiddleFamily = {
  id: 'codegemma',
  matches: (model) => /code-?gemma/.test(model) && !/(^|-)it(-|$)|instruct/.test(model),
  prompt: (prefix, suffix) => `<|fim_prefix|>${prefix}<|fim_suffix|>${suffix}<|fim_middle|>`,
  sentinels: [
    '<|fim_prefix|>',
    '<|fim_suffix|>',
    '<|fim_middle|>',
    '<|file_separator|>',
    '<bos>',
    '<eos>',
    '<start_of_turn>',
    '<end_of_turn>',
  ],
  stopSequences: ['<|fim_prefix|>', '<|fim_suffix|>', '<|fim_middle|>', '<|file_separator|>'],
  stopTokenIds: [67, 68, 69, 70],
}
