import type { ModelResponse } from '@duo-models/core'

/** Usage and speed in one line. */
export function describeResponse({ deployment, model, usage, timing, finishReason }: ModelResponse): string {
  const { inputTokens = 0, outputTokens = 0 } = usage
  const { timeToFirstTokenMs, endToEndLatencyMs } = timing
  const decodeMs = endToEndLatencyMs - (timeToFirstTokenMs ?? 0)
  return [
    `${deployment} (${model})`,
    `${inputTokens} tokens in, ${outputTokens} out`,
    ...(timeToFirstTokenMs === undefined ? [] : [`first token after ${timeToFirstTokenMs.toFixed(0)} ms`]),
    ...(outputTokens > 1 ? [`${(((outputTokens - 1) * 1000) / decodeMs).toFixed(0)} tokens/s`] : []),
    `finish reason ${finishReason.unified}`,
  ].join(' · ')
}
