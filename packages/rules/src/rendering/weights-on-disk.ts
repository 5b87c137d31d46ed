import type { ModelId } from '../catalog/catalog.generated.js'
import { catalog } from '../catalog/catalog.js'
import type { QuantizationSettings } from '../sizing/model-architecture.js'
import { countParameters } from '../sizing/parameter-count.js'

const bytesPerGiB = 2 ** 30

/** GiB that a model's published weights take; `undefined` for a model whose architecture the catalog does not have. */
export function weightsOnDiskGiB(model: ModelId | undefined): number | undefined {
  const architecture = model === undefined ? undefined : catalog.architectures[model]
  if (architecture === undefined) return undefined
  const { total, linear, routedExperts } = countParameters(architecture)
  const { quantization } = architecture
  const whole = architecture.dtype === 'float32' ? 4 : 2
  if (quantization === undefined) return (total * whole) / bytesPerGiB
  const quantized = quantization.appliesTo === 'routed-experts' ? routedExperts : linear
  return ((total - quantized) * whole + quantized * bytesPerWeight(quantization)) / bytesPerGiB
}

// Beside the weight itself, about one byte of scale for each group of them.
function bytesPerWeight({ bits, groupSize = 32 }: QuantizationSettings): number {
  return bits / 8 + 1 / groupSize
}
