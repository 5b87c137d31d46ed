/**
 * What a start-up log showed of one machine, as corrections to the estimate. Weights and activations scale with what is
 * asked later; what lies outside PyTorch is a fixed amount per GPU.
 */
export interface MemoryCalibration {
  /** What CUDA reported as the card's memory, in GiB; absent where the log does not say. */
  readonly gpuTotalGiB?: number
  /** Logged weights divided by estimated ones. */
  readonly weightsScale?: number
  /** Logged activation peak divided by the estimated one. */
  readonly activationScale?: number
  /**
   * GiB to add to the estimate of memory outside PyTorch. Where the log states no split, it holds all that the estimate
   * left unexplained.
   */
  readonly nonTorchOffsetGiB?: number
  /** GiB reserved for CUDA graphs; absent where the version reserves none or the log does not say. */
  readonly cudaGraphsGiB?: number
}
