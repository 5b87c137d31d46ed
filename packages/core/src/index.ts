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
  Tool,
  ToolCall,
  ToolChoice,
  UnifiedFinishReason,
  Usage,
} from '@duo-models/adapters'
/** Errors: one base class with a stable `code`; `DuoModelError.is` works across copies of the package. */
export { DuoModelError } from '@duo-models/adapters'
export type { ClientOptions, RetryOptions, TimeoutOptions } from './client-options.js'
export { createDuoModelClient } from './create-duo-model-client.js'
/** What a client is and how it is called. */
export type { CallOptions, CloseOptions, DuoModelClient } from './duo-model-client.js'
/** What goes in and what comes out. */
export type {
  CodeCompletionRequest,
  CodeGenerationRequest,
  ConversationRequest,
  ModelRequest,
  RequestSettings,
} from './model-request.js'
export type { ModelResponse } from './model-response.js'
export { ModelStream } from './model-stream.js'
