/** Layers of an encoder of images. */
export interface EncoderShape {
  readonly layers: number
  readonly hiddenSize: number
  readonly intermediateSize: number
  /** Matrices of the feed-forward network. Default: 2. */
  readonly matrices?: 2 | 3
  /** Whether linear layers have biases. Default: yes. */
  readonly biases?: boolean
  /** Vectors of the hidden size in the norms of a layer: a layer norm has two, its weight and its bias. Default: 4. */
  readonly normVectors?: number
}

/** Parameters of the layers of an encoder of images. */
export function countEncoderLayers({
  layers,
  hiddenSize,
  intermediateSize,
  matrices = 2,
  biases = true,
  normVectors = 4,
}: EncoderShape): number {
  const attention = 4 * hiddenSize * hiddenSize
  const feedForward = matrices * hiddenSize * intermediateSize
  const biasCount = biases ? 4 * hiddenSize + (matrices - 1) * intermediateSize + hiddenSize : 0
  return layers * (attention + feedForward + biasCount + normVectors * hiddenSize)
}

/** Parameters of a linear layer. */
export function countLinear(inputs: number, outputs: number, biases = true): number {
  return outputs * (inputs + (biases ? 1 : 0))
}
