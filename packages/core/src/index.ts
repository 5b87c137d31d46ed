/** One client for every model of GitLab Duo Self-Hosted. */

export type {
  DuoModelErrorCode,
  DuoModelErrorJson,
  EndpointReport,
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
export type { BatchInput, BatchItem, BatchOptions } from './batch/batch-options.js'
export type { BatchProgress, BatchSummary } from './batch/batch-progress.js'
export type { BatchFailure, BatchResult, BatchSuccess } from './batch/batch-result.js'
export { BatchRun } from './batch/batch-run.js'
export type { BatchRequests } from './batch/batch-source.js'
export type {
  CircuitOptions,
  ClientOptions,
  HealthCheckOptions,
  MicroBatchOptions,
  RateLimitOptions,
  RetryOptions,
  TimeoutOptions,
} from './client-options.js'
export { createDuoModelClient } from './create-duo-model-client.js'
export type { CallOptions, CloseOptions, DuoModelClient } from './duo-model-client.js'
export type {
  AttemptEvent,
  CallEvent,
  CircuitEvent,
  ClientEvents,
  ClientHooks,
  EndEvent,
  FallbackEvent,
  FirstTokenEvent,
  LimitEvent,
  ReplicaEvent,
  RequestEvent,
  RetryEvent,
} from './events/client-events.js'
export type { Logger, LogLine } from './events/logger.js'
export type {
  CodeCompletionRequest,
  CodeGenerationRequest,
  ConversationRequest,
  ModelRequest,
  RequestMetadata,
  RequestSettings,
} from './model-request.js'
export type { ModelResponse } from './model-response.js'
export { ModelStream } from './model-stream.js'
export type { ProbeOptions } from './probe/probe-options.js'
export type { ProbeFinding, ProbeReport, ProbeRule, ReplicaProbe } from './probe/probe-report.js'
export type { Routing } from './routing/create-routing.js'
export type { LimitReason } from './scheduling/concurrency-limit.js'
export type {
  ClientStats,
  DeploymentRateLimit,
  DeploymentStats,
  RateLimitStats,
  ReplicaHealthStats,
  ReplicaStats,
  TokenCounts,
} from './stats/client-stats.js'
export type { LatencySummary } from './stats/latency-summary.js'
