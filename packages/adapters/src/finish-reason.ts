/** Why output ended, in one vocabulary for every platform. */
export type UnifiedFinishReason = 'stop' | 'length' | 'tool-calls' | 'content-filter' | 'error' | 'other'

/** The unified reason beside the word the server used. */
export interface FinishReason {
  readonly unified: UnifiedFinishReason
  /** The platform's own word (`stop`, `max_tokens`, `guardrail_intervened`, …). */
  readonly raw: string
}
