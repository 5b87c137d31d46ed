import { describe, it } from 'vitest'
import { bedrockFaults } from './bedrock-faults.js'
import { openDuoModelsOnBedrock } from './clients/duo-models-on-bedrock.js'
import { expectPassed, named } from './expect-passed.js'

describe('a Bedrock with faults', () => {
  it.concurrent.each(named(bedrockFaults))('%s', (_name, fault) => expectPassed(fault, openDuoModelsOnBedrock))
})
