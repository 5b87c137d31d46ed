import { createBehaviourCases, openAIFormatEndlessAnswer } from './behaviour-cases.js'
import type { ConformanceCase } from './conformance-case.js'
import { createWireCase } from './create-wire-case.js'
import { openAIFormatExchanges } from './openai-format-exchanges.js'
import { createSharedRequestCases, openAIFormatSharedAnswer } from './shared-request-cases.js'

/** Every case for an adapter of a server that speaks the OpenAI format. */
export const adapterConformanceCases: readonly ConformanceCase[] = [
  ...openAIFormatExchanges.map(createWireCase),
  ...createBehaviourCases(openAIFormatEndlessAnswer),
  ...createSharedRequestCases(openAIFormatSharedAnswer),
]
