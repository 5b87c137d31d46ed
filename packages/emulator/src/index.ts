export type { EmulatedAnswer, EmulatedToolCall, Respond, RespondRequest } from './answer.js'
export type {
  AzureOpenAIEmulatorOptions,
  ContentFilterCategory,
  EmulatedAzureDeployment,
  EmulatedEntraToken,
} from './azure-openai/azure-openai-emulator-options.js'
export type {
  BedrockEmulatorOptions,
  EmulatedAwsCredentials,
  EmulatedBedrockModel,
  EmulatedGuardrail,
} from './bedrock/bedrock-emulator-options.js'
export type { BedrockExceptionName } from './bedrock/bedrock-exception.js'
export type { CommonEmulatorOptions } from './common-emulator-options.js'
export type { EmulatorErrorCode } from './emulator-error.js'
export { EmulatorError } from './emulator-error.js'
export type { EmulatorOptions, EmulatorPlatform } from './emulator-options.js'
export type { SchedulingPolicy } from './engine/simulated-engine.js'
export type {
  BytesFault,
  CorruptFrameFault,
  CutStreamFault,
  EndStreamFault,
  ErrorEventFault,
  ExceptionFault,
  Fault,
  FaultTrigger,
  HtmlFault,
  RateLimitFault,
  RawFault,
  RequestFault,
  ResetFault,
  ResetOnAcceptFault,
  SlowFirstTokenFault,
  SplitWritesFault,
  StallFault,
  StatusFault,
} from './faults/fault.js'
export type { WireChunk, WireResponse } from './faults/wire-response.js'
export type { JsonObject, JsonValue } from './json.js'
export type { RecordedRequest } from './recorded-request.js'
export type { Emulator } from './start-emulator.js'
export { startEmulator } from './start-emulator.js'
export type { VllmEmulatorOptions } from './vllm/vllm-emulator-options.js'
