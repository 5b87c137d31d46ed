import type { MemoryCalibration } from './memory-calibration.js'
import { SizingInputError } from './sizing-input-error.js'

const scales = ['gpuTotalGiB', 'weightsScale', 'activationScale'] as const
const amounts = ['nonTorchOffsetGiB', 'cudaGraphsGiB'] as const
const largest = 4096

/** A calibration that can be computed with. Throws a `SizingInputError` that names the field. */
export function checkCalibration(calibration: MemoryCalibration): MemoryCalibration {
  if (typeof calibration !== 'object' || calibration === null)
    throw failure('calibration', calibration, 'what readVllmStartupLog returned as calibration')
  for (const field of scales) check(field, calibration[field], 0)
  for (const field of amounts) check(field, calibration[field], -largest)
  return calibration
}

function check(field: keyof MemoryCalibration, value: number | undefined, above: number): void {
  if (value === undefined || (typeof value === 'number' && value > above && value <= largest)) return
  throw failure(`calibration.${field}`, value, `a number above ${above} and up to ${largest}`)
}

function failure(field: string, value: unknown, expected: string): SizingInputError {
  return new SizingInputError({ field, value, expected })
}
