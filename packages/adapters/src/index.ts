/** The contract a platform keeps. */
export type { AbortSource } from './abort-source.js'
export type { AdapterCall, AdapterConnection, AdapterContext, AdapterTarget, ModelAdapter } from './adapter.js'
export type { AdapterRequest, ChatRequest, CompletionRequest, PromptPart, SamplingSettings } from './adapter-request.js'
export type { AdapterResponse } from './adapter-response.js'
export type { BatchIterator, BatchReceiver } from './batch-iterator.js'
export type { EndpointHealth, EndpointHealthOptions } from './endpoint-health.js'
export type { EndpointProbeOptions, EndpointReport } from './endpoint-report.js'

/** Errors: one class per cause. */
export { AbortedError } from './errors/aborted-error.js'
export type { AllDeploymentsFailedErrorOptions } from './errors/all-deployments-failed-error.js'
export { AllDeploymentsFailedError } from './errors/all-deployments-failed-error.js'
export { AuthenticationError } from './errors/authentication-error.js'
export { CompatibilityError } from './errors/compatibility-error.js'
export { ConfigurationError } from './errors/configuration-error.js'
export { ConnectionError } from './errors/connection-error.js'
export { ContentFilterError } from './errors/content-filter-error.js'
export type { ContextLengthErrorOptions } from './errors/context-length-error.js'
export { ContextLengthError } from './errors/context-length-error.js'
export type { DuoModelErrorDefaults } from './errors/duo-model-error.js'
export { DuoModelError } from './errors/duo-model-error.js'
export type { DuoModelErrorCode } from './errors/duo-model-error-code.js'
export type { DuoModelErrorOptions } from './errors/duo-model-error-options.js'
export type { CompatibilityErrorReport, ErrorDetails, ErrorDetailsOf } from './errors/error-details.js'
export type { DuoModelErrorJson } from './errors/error-json.js'
export type { ErrorPhase } from './errors/error-phase.js'
export { InferenceProfileRequiredError } from './errors/inference-profile-required-error.js'
export { InvalidRequestError } from './errors/invalid-request-error.js'
export { ModelNotFoundError } from './errors/model-not-found-error.js'
export { ModelNotReadyError } from './errors/model-not-ready-error.js'
export { ModelRetiredError } from './errors/model-retired-error.js'
export { NotFoundError } from './errors/not-found-error.js'
export { OverloadedError } from './errors/overloaded-error.js'
export type { PartialResponse } from './errors/partial-response.js'
export { PermissionError } from './errors/permission-error.js'
export { ProtocolError } from './errors/protocol-error.js'
export { QueueFullError } from './errors/queue-full-error.js'
export { QuotaError } from './errors/quota-error.js'
export { RateLimitError } from './errors/rate-limit-error.js'
export { ServerError } from './errors/server-error.js'
export { StreamInterruptedError } from './errors/stream-interrupted-error.js'
export type { StructuredOutputInvalidErrorOptions } from './errors/structured-output-invalid-error.js'
export { StructuredOutputInvalidError } from './errors/structured-output-invalid-error.js'
export type { TimeLimit } from './errors/time-limit.js'
export type { TimeoutErrorOptions } from './errors/timeout-error.js'
export { TimeoutError } from './errors/timeout-error.js'
export { UnsupportedParameterError } from './errors/unsupported-parameter-error.js'

/** Asking for code. */
export type { CodePlan, PlannedChat, PlannedCompletion, PlannedRequest } from './fill-in-the-middle/code-plan.js'
export type { OutputCleaner } from './fill-in-the-middle/output-cleaner.js'
export { type CodeCompletionInput, planCodeCompletion } from './fill-in-the-middle/plan-code-completion.js'
export { type CodeGenerationInput, planCodeGeneration } from './fill-in-the-middle/plan-code-generation.js'

/** The words requests and answers are made of. */
export type { FinishReason, UnifiedFinishReason } from './finish-reason.js'
export type {
  AssistantMessage,
  Message,
  ResponseFormat,
  SystemMessage,
  Tool,
  ToolCall,
  ToolChoice,
  ToolMessage,
  UserMessage,
} from './message.js'
/** The platforms that come with this package, each loaded on first use. */
export { adapterPlatforms, loadAdapter } from './platform-adapters.js'
export type { RateLimitReport, ServerLoad, ServerReport } from './server-report.js'
export type {
  AdapterEvent,
  AdapterResponseEndEvent,
  ContentFilterEvent,
  ReasoningDeltaEvent,
  ResponseEndEvent,
  ResponseStartEvent,
  StreamEvent,
  TextDeltaEvent,
  ToolCallDeltaEvent,
  ToolCallEndEvent,
  ToolCallStartEvent,
  UsageEvent,
} from './stream-event.js'
export type { Timing } from './timing.js'
export type { TlsSettings } from './transport/tls-settings.js'
export type { Usage } from './usage.js'
