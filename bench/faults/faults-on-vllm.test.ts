import { describe, it } from 'vitest'
import { openDuoModels } from './clients/duo-models.js'
import { expectPassed, named } from './expect-passed.js'
import { faultCases } from './fault-cases.js'

describe.each(Object.entries(faultCases))('a vLLM server with faults: %s', (_section, cases) => {
  it.concurrent.each(named(cases))('%s', (_name, fault) => expectPassed(fault, openDuoModels))
})
