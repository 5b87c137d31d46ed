/** One client for every model of GitLab Duo Self-Hosted. */

export type {
  DuoModelErrorCode,
  FinishReason,
  Message,
  ModelAdapter,
  PartialResponse,
  ResponseFormat,
  StreamEvent,
  Timing,
  TlsSettings,
  Tool,
  ToolCall,
  ToolChoice,
  UnifiedFinishReason,
  Usage,
} from '@duo-models/adapters'
/** Errors: one base class with a stable `code`, one class per cause; `DuoModelError.is` works across copies of the package. */
export {
  AbortedError,
  AllDeploymentsFailedError,
  AuthenticationError,
  CompatibilityError,
  ConfigurationError,
  ConnectionError,
  ContentFilterError,
  ContextLengthError,
  DuoModelError,
  InferenceProfileRequiredError,
  InvalidRequestError,
  ModelNotFoundError,
  ModelNotReadyError,
  ModelRetiredError,
  NotFoundError,
  OverloadedError,
  PermissionError,
  ProtocolError,
  QueueFullError,
  QuotaError,
  RateLimitError,
  ServerError,
  StreamInterruptedError,
  StructuredOutputInvalidError,
  TimeoutError,
  UnsupportedParameterError,
} from '@duo-models/adapters'
export type { ClientOptions, RetryOptions, TimeoutOptions } from './client-options.js'
export { createDuoModelClient } from './create-duo-model-client.js'
export type { CallOptions, CloseOptions, DuoModelClient } from './duo-model-client.js'
export type {
  CodeCompletionRequest,
  CodeGenerationRequest,
  ConversationRequest,
  ModelRequest,
  RequestSettings,
} from './model-request.js'
export type { ModelResponse } from './model-response.js'
export { ModelStream } from './model-stream.js'
