/** The two sides of the place where code is wanted. */
export interface FillInTheMiddle {
  readonly prefix: string
  readonly suffix: string
}

/** The tokens of one family. What follows `middle`, if anything, belongs to the prefix (suffix-first prompts do that). */
interface Sentinels {
  readonly prefix: string
  readonly suffix: string
  readonly middle?: string
  /** A blank beside each token is part of the prompt format, not of the code. */
  readonly padded?: true
}

const families: readonly Sentinels[] = [
  { prefix: '[PREFIX]', suffix: '[SUFFIX]', middle: '[MIDDLE]' },
  { prefix: '<|fim_prefix|>', suffix: '<|fim_suffix|>', middle: '<|fim_middle|>' },
  { prefix: '<｜fim▁begin｜>', suffix: '<｜fim▁hole｜>', middle: '<｜fim▁end｜>' },
  { prefix: '<fim_prefix>', suffix: '<fim_suffix>', middle: '<fim_middle>' },
  { prefix: '<fim-prefix>', suffix: '<fim-suffix>', middle: '<fim-middle>' },
  { prefix: '<PRE>', suffix: '<SUF>', middle: '<MID>', padded: true },
]

/** The two sides in a fill-in-the-middle prompt of any known family, or `undefined` for another kind of prompt. */
export function parseFillInTheMiddle(prompt: string): FillInTheMiddle | undefined {
  const family = families.find(({ prefix, suffix }) => prompt.includes(prefix) && prompt.includes(suffix))
  if (family === undefined) return undefined
  const after = (token: string | undefined) => (token === undefined ? '' : sectionAfter(prompt, token, family))
  return { prefix: after(family.prefix) + after(family.middle), suffix: after(family.suffix) }
}

function sectionAfter(prompt: string, token: string, { prefix, suffix, middle, padded }: Sentinels): string {
  const position = prompt.indexOf(token)
  if (position < 0) return ''
  const start = position + token.length
  const ends = [prefix, suffix, middle ?? suffix].map((other) => prompt.indexOf(other, start)).filter((end) => end >= 0)
  const section = prompt.slice(start, Math.min(prompt.length, ...ends))
  return padded ? section.replace(/^ /, '').replace(/ $/, '') : section
}
