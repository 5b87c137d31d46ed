import { adapterConformanceCases } from './adapter-conformance-cases.js'
import { azureOpenAIExchanges } from './azure-openai-exchanges.js'
import type { ConformanceCase } from './conformance-case.js'
import { createWireCase } from './create-wire-case.js'

/** Every case for an adapter of Azure OpenAI: those of the OpenAI format, and Azure's own. */
export const azureOpenAIConformanceCases: readonly ConformanceCase[] = [
  ...adapterConformanceCases,
  ...azureOpenAIExchanges.map(createWireCase),
]
