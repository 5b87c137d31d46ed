/** Puts an adapter through the cases every adapter must pass; needs no test framework. */
export { adapterConformanceCases } from './adapter-conformance-cases.js'
export { createBehaviourCases, type EndlessAnswer, openAIFormatEndlessAnswer } from './behaviour-cases.js'
export { type ConformanceCase, ConformanceFailure, type ConformanceSubject } from './conformance-case.js'
export { createWireCase } from './create-wire-case.js'
export { openAIFormatExchanges } from './openai-format-exchanges.js'
export {
  type AdapterConformanceOptions,
  type AdapterConformanceReport,
  type AdapterConformanceResult,
  runAdapterConformance,
} from './run-adapter-conformance.js'
export type {
  ExpectedAbort,
  ExpectedAnswer,
  ExpectedError,
  ExpectedOutcome,
  WireAnswer,
  WireExchange,
} from './wire-exchange.js'
