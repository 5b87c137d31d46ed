import type { ModelArchitecture, QuantizationSettings } from './model-architecture.js'

/** Why vLLM refuses to split a model over so many GPUs. */
export interface SplitProblem {
  /** What does not divide. */
  readonly part: 'heads' | 'kv-heads' | 'feed-forward' | 'experts' | 'vocabulary' | 'quantization'
  /** What vLLM says, or what it stops at. */
  readonly message: string
}

/** What else decides whether a model can be split. */
export interface SplitOptions {
  /** How the published weights are quantised: groups that share a scale must not be cut. */
  readonly quantization?: QuantizationSettings | undefined
  /** Whether whole experts are shared out, which divides none of them. Default: no. */
  readonly expertParallel?: boolean | undefined
}

/** Vocabularies are padded to a multiple of this before they are split. */
const vocabularyPadding = 64

/** Tokens of the embedding table as vLLM allocates it. */
export function paddedVocabulary(architecture: ModelArchitecture): number {
  return Math.ceil(architecture.vocabularySize / vocabularyPadding) * vocabularyPadding
}

/** Why vLLM refuses this tensor parallel size for the model; empty when it takes it. */
export function splitProblems(
  architecture: ModelArchitecture,
  size: number,
  options: SplitOptions = {},
): SplitProblem[] {
  if (size === 1) return []
  const widths = splitWidths(architecture, options)
  const problems = [
    ...headProblems(architecture, size),
    ...widths.flatMap((width) => widthProblems(width, size)),
    ...vocabularyProblems(architecture, size),
  ]
  const { quantization } = options
  if (problems.length > 0 || quantization === undefined) return problems
  return widths.flatMap((width) => groupProblems(width, size, quantization))
}

/** A width that is divided among the GPUs. */
interface SplitWidth {
  readonly part: 'feed-forward' | 'experts'
  readonly width: number
}

function splitWidths({ layers, intermediateSize, experts }: ModelArchitecture, { expertParallel }: SplitOptions) {
  const widths: SplitWidth[] = []
  const denseLayers = experts === undefined ? layers : (experts.denseLayers ?? 0)
  if (denseLayers > 0) widths.push({ part: 'feed-forward', width: intermediateSize })
  if (experts === undefined) return widths
  const { sharedIntermediateSize = 0 } = experts
  if (expertParallel !== true) widths.push({ part: 'experts', width: experts.intermediateSize })
  if (sharedIntermediateSize > 0) widths.push({ part: 'feed-forward', width: sharedIntermediateSize })
  return widths
}

function headProblems(
  { attentionHeads, keyValueHeads, latentAttention }: ModelArchitecture,
  size: number,
): SplitProblem[] {
  if (attentionHeads % size !== 0) {
    const message = `Total number of attention heads (${attentionHeads}) must be divisible by tensor parallel size (${size}).`
    return [{ part: 'heads', message }]
  }
  if (latentAttention !== undefined || keyValueHeads % size === 0 || size % keyValueHeads === 0) return []
  const message = `${keyValueHeads} KV heads can be neither split nor repeated over ${size} GPUs: one of the numbers must divide the other, and vLLM stops with an AssertionError.`
  return [{ part: 'kv-heads', message }]
}

function widthProblems({ part, width }: SplitWidth, size: number): SplitProblem[] {
  if (width % size === 0) return []
  const what = part === 'experts' ? 'intermediate size of an expert' : 'intermediate size'
  return [{ part, message: `${width} is not divisible by ${size} (${what}).` }]
}

function vocabularyProblems(architecture: ModelArchitecture, size: number): SplitProblem[] {
  const padded = paddedVocabulary(architecture)
  if (padded % size === 0) return []
  return [
    { part: 'vocabulary', message: `${padded} is not divisible by ${size} (vocabulary, padded to a multiple of 64).` },
  ]
}

// Scales belong to groups of weights; a GPU whose share cuts through a group cannot hold its scale.
function groupProblems({ part, width }: SplitWidth, size: number, quantization: QuantizationSettings): SplitProblem[] {
  const { method, appliesTo } = quantization
  const group = groupWidth(quantization)
  const isWhole = part === 'feed-forward' && appliesTo === 'routed-experts'
  if (group === undefined || isWhole || paddedMethods.has(method) || (width / size) % group === 0) return []
  return [{ part: 'quantization', message: groupMessage(method, width / size, group) }]
}

/** Their kernels pad what does not divide. */
const paddedMethods = new Set<QuantizationSettings['method']>(['mxfp4', 'nvfp4', 'bitsandbytes'])

/** Largest group in a row; larger ones are squares. */
const longestRow = 1024

/** How many inputs share a scale: the group itself, or the side of a square of weights. */
export function groupWidth({ groupSize }: QuantizationSettings): number | undefined {
  return groupSize !== undefined && groupSize > longestRow ? Math.round(Math.sqrt(groupSize)) : groupSize
}

function groupMessage(method: QuantizationSettings['method'], share: number, groupSize: number): string {
  return method === 'fp8'
    ? `The output_size of gate's and up's weights = ${share} is not divisible by weight quantization block_n = ${groupSize}.`
    : `The input size is not aligned with the quantized weight shape (${share} is not divisible by group_size = ${groupSize}). This can be caused by too large tensor parallel size.`
}

/**
 * The tensor parallel sizes that vLLM takes for a model, in order: heads, key-value heads, expert and feed-forward widths
 * and the padded vocabulary must divide.
 * @param largest last size to try; default 16
 */
export function validTensorParallelSizes(
  architecture: ModelArchitecture,
  largest = 16,
  options: SplitOptions = { quantization: architecture.quantization },
): number[] {
  const sizes: number[] = []
  for (let size = 1; size <= largest; size += 1)
    if (splitProblems(architecture, size, options).length === 0) sizes.push(size)
  return sizes
}

/** The valid size nearest to a refused one; the smaller of two that are as near. */
export function nearestTensorParallelSize(
  architecture: ModelArchitecture,
  size: number,
  options: SplitOptions,
): number {
  for (let distance = 1; distance < size; distance += 1)
    for (const candidate of [size - distance, size + distance])
      if (splitProblems(architecture, candidate, options).length === 0) return candidate
  return 1
}
