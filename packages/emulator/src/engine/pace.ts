/** How long a machine takes. All times in milliseconds at speed 1. */
export interface Pace {
  /** Fixed part of the time to the first token: scheduling and the start of the prefill. */
  readonly prefillBaseMs: number
  /** Reading one prompt token. */
  readonly prefillPerTokenMs: number
  /** From one token to the next, by the number of sequences that are written at once; sorted by `sequences`. */
  readonly interTokenLatency: readonly { readonly sequences: number; readonly ms: number }[]
  /** Sequences written at once; further jobs wait. */
  readonly maxSequences: number
  /** Tokens the key-value cache holds. */
  readonly kvCacheTokens: number
}

/**
 * Mistral 7B on two A100 40 GB. Inter-token latencies are the inverse of the tokens per second per request that
 * GitLab's 18.2 hardware page prints for 1, 10 and 100 requests at once: 101.19, 90.35 and 49.17.
 *
 * Prefill is estimated, not documented: 2 × 7.25 billion operations per token at half of 2 × 312 TFLOP/s.
 * The cache is estimated too: about 2 × 21 GiB left beside the weights, at 128 KiB per token.
 * 256 sequences is vLLM's default `--max-num-seqs`.
 */
export const mistral7bOnTwoA100: Pace = {
  prefillBaseMs: 15,
  prefillPerTokenMs: 0.0465,
  interTokenLatency: [
    { sequences: 1, ms: 1000 / 101.19 },
    { sequences: 10, ms: 1000 / 90.35 },
    { sequences: 100, ms: 1000 / 49.17 },
  ],
  maxSequences: 256,
  kvCacheTokens: 344_064,
}

/** Inter-token latency for a number of sequences: straight lines between the known points, the last one continued. */
export function interTokenLatencyMs(pace: Pace, sequences: number): number {
  const points = pace.interTokenLatency
  const first = points[0]
  if (first === undefined) return 0
  let lower = first
  let upper = first
  for (const point of points.slice(1)) {
    if (upper.sequences >= sequences) break
    lower = upper
    upper = point
  }
  if (sequences <= lower.sequences || upper === lower) return lower.ms
  const slope = (upper.ms - lower.ms) / (upper.sequences - lower.sequences)
  return lower.ms + slope * (sequences - lower.sequences)
}
