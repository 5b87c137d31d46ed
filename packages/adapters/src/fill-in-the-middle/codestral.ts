import type { FillInTheMiddleFamily } from './family.js'

/**
 * Codestral, and Mistral 7B Instruct v0.3, which has the same vocabulary. The suffix comes first, and there is no
 * token for the middle. Source: `encode_fim` of mistral_common; vLLM issue 9522 for Mistral 7B v0.3.
 */
export const codestral: FillInTheMiddleFamily = {
  id: 'codestral',
  matches: (model) => model.includes('codestral') || /mistral-7b.*v0?\.3\b/.test(model),
  prompt: (prefix, suffix) => `[SUFFIX]${suffix}[PREFIX]${prefix}`,
  promptParts: (prefix, suffix, model) =>
    hasSentencePieceVocabulary(model)
      ? [
          { text: '[SUFFIX]', tokenId: 13 },
          { text: suffix, isContinuation: true },
          { text: '[PREFIX]', tokenId: 11 },
          { text: prefix },
        ]
      : undefined,
  sentinels: ['[SUFFIX]', '[PREFIX]', '[MIDDLE]', '[INST]', '[/INST]', '<s>', '</s>'],
  stopSequences: ['</s>', '[INST]', '[/INST]', '[PREFIX]', '[MIDDLE]', '[SUFFIX]'],
}

/**
 * The third SentencePiece vocabulary of Mistral, where `[PREFIX]` is 11 and `[SUFFIX]` is 13. Codestral from 2025 on has
 * another one. Source: mistral_common.
 */
function hasSentencePieceVocabulary(model: string): boolean {
  return /codestral-(22b|mamba)|mistral-7b/.test(model) || model === 'codestral'
}
