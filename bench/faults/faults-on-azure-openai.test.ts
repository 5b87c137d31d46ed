import { describe, it } from 'vitest'
import { openDuoModelsOnAzure } from './clients/duo-models-on-azure.js'
import { expectPassed, named } from './expect-passed.js'
import { faultCases } from './fault-cases.js'

describe.each(Object.entries(faultCases))('an Azure OpenAI with faults: %s', (_section, cases) => {
  it.concurrent.each(named(cases))('%s', (_name, fault) => expectPassed(fault, openDuoModelsOnAzure))
})
