/**
 * Tokens that stand for structure, not for text. Ids follow the real vocabularies where those are known: Mistral v3
 * (1 to 16), CodeGemma (67 to 70), Code Llama (32007 to 32010). The others have ids of this emulator's own.
 */
export const specialTokens: ReadonlyMap<string, number> = new Map([
  ['<s>', 1],
  ['</s>', 2],
  ['[INST]', 3],
  ['[/INST]', 4],
  ['[PREFIX]', 11],
  ['[MIDDLE]', 12],
  ['[SUFFIX]', 13],
  ['<|fim_prefix|>', 67],
  ['<|fim_middle|>', 68],
  ['<|fim_suffix|>', 69],
  ['<|file_separator|>', 70],
  ['<PRE>', 32007],
  ['<SUF>', 32008],
  ['<MID>', 32009],
  ['<EOT>', 32010],
  ['<｜fim▁begin｜>', 100_000],
  ['<｜fim▁hole｜>', 100_001],
  ['<｜fim▁end｜>', 100_002],
  ['<｜end▁of▁sentence｜>', 100_003],
  ['<fim_prefix>', 100_010],
  ['<fim_middle>', 100_011],
  ['<fim_suffix>', 100_012],
  ['<|endoftext|>', 100_013],
  ['<|fim_pad|>', 100_014],
  ['<|repo_name|>', 100_015],
  ['<|file_sep|>', 100_016],
])

/** The token that begins every prompt. */
export const beginToken = 1
/** The token that ends every finished answer. */
export const endToken = 2
