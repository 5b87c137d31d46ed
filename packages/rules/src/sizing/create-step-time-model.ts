import { resolvePerformanceCase } from './performance-case.js'
import type { StepTimeInput } from './performance-input.js'
import { type StepTimeModel, stepTimeModel } from './step-time-model.js'

/**
 * The step times of one way to serve a model, for whoever simulates continuous batching itself. `predictPerformance`
 * uses the same ones.
 *
 * @throws SizingInputError for what `predictPerformance` refuses: an unknown model, GPU, machine or profile, a number out
 * of range, a tensor parallel size that the model cannot have
 */
export function createStepTimeModel(input: StepTimeInput): StepTimeModel {
  const { settings, gpu, profile } = resolvePerformanceCase(input)
  return stepTimeModel(settings, gpu, profile)
}
