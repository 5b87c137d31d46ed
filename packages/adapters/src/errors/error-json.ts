import type { DuoModelErrorCode } from './duo-model-error-code.js'
import type { ErrorPhase } from './error-phase.js'

/** An error as JSON: safe to log. It has no secret, and of partial content only the sizes. */
export interface DuoModelErrorJson {
  readonly name: string
  readonly code: DuoModelErrorCode
  readonly message: string
  readonly phase: ErrorPhase
  readonly retryable: boolean
  readonly status?: number
  readonly requestId?: string
  readonly retryAfterMs?: number
  readonly deployment?: string
  readonly platform?: string
  /** Sizes of what had arrived, in characters and calls. */
  readonly partial?: { readonly textLength: number; readonly reasoningLength: number; readonly toolCalls: number }
  readonly cause?: unknown
  /** What the error's class adds. */
  readonly [detail: string]: unknown
}
