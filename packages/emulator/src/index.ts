export type { EmulatedAnswer, EmulatedToolCall, Respond, RespondRequest } from './answer.js'
export type { EmulatorErrorCode } from './emulator-error.js'
export { EmulatorError } from './emulator-error.js'
export type { EmulatorOptions, EmulatorPlatform } from './emulator-options.js'
export type {
  BytesFault,
  CutStreamFault,
  EndStreamFault,
  ErrorEventFault,
  Fault,
  FaultTrigger,
  HtmlFault,
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
