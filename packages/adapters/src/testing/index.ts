/** Puts an adapter through the cases every adapter must pass; needs no test framework. */
export { adapterConformanceCases } from './adapter-conformance-cases.js'
export { azureOpenAIConformanceCases } from './azure-openai-conformance-cases.js'
export { bedrockConformanceCases, bedrockEndlessAnswer } from './bedrock-conformance-cases.js'
export { bedrockExchanges } from './bedrock-exchanges.js'
export { createBehaviourCases, type EndlessAnswer, openAIFormatEndlessAnswer } from './behaviour-cases.js'
export {
  type ConformanceCase,
  ConformanceFailure,
  ConformanceSkip,
  type ConformanceSubject,
} from './conformance-case.js'
export { createWireCase } from './create-wire-case.js'
export { encodeConverseEvent, encodeEventStreamMessage } from './event-stream-message.js'
export { openAIFormatExchanges } from './openai-format-exchanges.js'
export {
  type AdapterConformanceOptions,
  type AdapterConformanceReport,
  type AdapterConformanceResult,
  runAdapterConformance,
} from './run-adapter-conformance.js'
export { createSharedRequestCases, openAIFormatSharedAnswer, type SharedAnswer } from './shared-request-cases.js'
export type {
  ExpectedAbort,
  ExpectedAnswer,
  ExpectedError,
  ExpectedOutcome,
  WireAnswer,
  WireExchange,
} from './wire-exchange.js'
