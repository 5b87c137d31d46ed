import type { FillInTheMiddleFamily } from './family.js'

/** StarCoder 1 and 2. Source: starcoder2.py of MultiPL-E and the BigCode discussions. */
export const starcoder: FillInTheMiddleFamily = {
  id: 'starcoder',
  matches: (model) => /star-?coder/.test(model) && !model.includes('instruct'),
  prompt: (prefix, suffix) => `<fim_prefix>${prefix}<fim_suffix>${suffix}<fim_middle>`,
  sentinels: [
    '<fim_prefix>',
    '<fim_suffix>',
    '<fim_middle>',
    '<fim_pad>',
    '<file_sep>',
    '<repo_name>',
    '<|endoftext|>',
  ],
  stopSequences: ['<|endoftext|>', '<fim_prefix>', '<fim_suffix>', '<fim_middle>', '<file_sep>'],
}
