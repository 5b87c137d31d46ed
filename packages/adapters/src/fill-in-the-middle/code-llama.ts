import type { FillInTheMiddleFamily } from './family.js'

/**
 * Code Llama 7B and 13B, base and instruct; the Python and the 34B and 70B models were not trained for it. The blanks
 * belong to the form. Source: the Code Llama README; token 32010 is `<EOT>`.
 */
export const codeLlama: FillInTheMiddleFamily = {
  id: 'code-llama',
  matches: (model) => /code-?llama/.test(model) && !/python|34b|70b/.test(model),
  prompt: (prefix, suffix) => `<PRE> ${prefix} <SUF>${suffix} <MID>`,
  sentinels: ['<PRE>', '<SUF>', '<MID>', '<EOT>', '<s>', '</s>'],
  stopSequences: ['<EOT>', '<PRE>', '<SUF>', '<MID>'],
  stopTokenIds: [32010],
}
