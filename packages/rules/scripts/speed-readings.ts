import { fileURLToPath } from 'node:url'
import { createStepTimeModel } from '../src/sizing/create-step-time-model.js'
import { type CatalogData, readData } from './read-data.js'

/** A published reading, and what its profile says. */
export interface PredictedReading {
  readonly reading: CatalogData['speedMeasurements'][number]
  readonly decodeStepMs: number
}

/** Every published reading of `speed-measurements.yaml` as its profile predicts it. */
export function predictReadings(): PredictedReading[] {
  const { speedMeasurements } = readData(fileURLToPath(new URL('../data', import.meta.url)))
  return speedMeasurements.map((reading) => {
    const { model, architecture, gpu, tensorParallelSize, profile, runningSequences, contextTokens } = reading
    const steps = createStepTimeModel({
      model,
      architecture,
      gpu,
      tensorParallelSize,
      // The id is one of the catalog: checkData has seen to it.
      profile: profile as 'a100-v0',
    })
    return { reading, decodeStepMs: steps.decodeStepMs(runningSequences, contextTokens) }
  })
}
