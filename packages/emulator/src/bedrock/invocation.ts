import type { HeaderList } from '../http/response-writer.js'
import type { Random } from '../random.js'
import { eventFrame } from './frames.js'

/** What InvokeModel counts. */
export interface InvocationCounts {
  readonly inputTokens: number
  readonly outputTokens: number
}

/** The headers in which InvokeModel counts. For Mistral's models they are the only place. */
export function invocationHeaders({ inputTokens, outputTokens }: InvocationCounts, latencyMs: number): HeaderList {
  return [
    ['X-Amzn-Bedrock-Input-Token-Count', String(inputTokens)],
    ['X-Amzn-Bedrock-Output-Token-Count', String(outputTokens)],
    ['X-Amzn-Bedrock-Invocation-Latency', String(latencyMs)],
  ]
}

/** The same counts as the last chunk of a stream carries them. */
export function invocationMetrics(
  { inputTokens, outputTokens }: InvocationCounts,
  latencyMs: number,
  firstByteMs: number,
): object {
  return {
    'amazon-bedrock-invocationMetrics': {
      inputTokenCount: inputTokens,
      outputTokenCount: outputTokens,
      invocationLatency: latencyMs,
      firstByteLatency: firstByteMs,
    },
  }
}

/** One event of a model's own stream, wrapped as InvokeModelWithResponseStream does. */
export function chunkFrame(event: object, random: Random): Buffer {
  return eventFrame('chunk', { bytes: Buffer.from(JSON.stringify(event)).toString('base64') }, random)
}
