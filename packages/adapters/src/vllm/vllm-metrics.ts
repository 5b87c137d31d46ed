import { readPrometheusText, type Samples } from './prometheus-text.js'

/**
 * What `/metrics` of a vLLM server says, in one vocabulary for all versions. A figure the version does not have is absent.
 * Several engines behind one server are added up, and shares are averaged over them.
 */
export interface VllmMetrics {
  /** Requests that are being computed. */
  readonly runningRequests?: number
  /** Requests that wait in the server. */
  readonly waitingRequests?: number
  /** Used share of the KV cache, 0 to 1. */
  readonly kvCacheUsage?: number
  /** Share of prompt tokens that were found in the prefix cache since the server started, 0 to 1. */
  readonly prefixCacheHitRate?: number
  /** Requests that lost their place in the KV cache and had to be computed again, since the server started. */
  readonly preemptions?: number
  /** Prompt tokens read since the server started. */
  readonly inputTokens?: number
  /** Tokens generated since the server started. */
  readonly outputTokens?: number
  /** Mean over all requests since the server started, in milliseconds. */
  readonly timeToFirstTokenMs?: number
  /** Mean over all tokens since the server started, in milliseconds. */
  readonly interTokenLatencyMs?: number
  /** Mean over all requests since the server started, in milliseconds. */
  readonly endToEndLatencyMs?: number
  /** Mean over all requests since the server started, in milliseconds. */
  readonly serverQueueTimeMs?: number
}

type Read = (samples: ReadonlyMap<string, Samples>) => number | undefined

/**
 * How each figure is read; of several names the first that is there. Source: vLLM's metrics in 0.6.4.post1 and in
 * August 2026, and the pull requests that renamed them (18354, 29330, 24110, 32661).
 */
const readers: Readonly<Record<keyof VllmMetrics, Read>> = {
  runningRequests: total('num_requests_running'),
  waitingRequests: total('num_requests_waiting'),
  kvCacheUsage: share('kv_cache_usage_perc', 'gpu_cache_usage_perc'),
  prefixCacheHitRate: (samples) =>
    ratio('prefix_cache_hits_total', 'prefix_cache_queries_total')(samples) ??
    ratio('gpu_prefix_cache_hits_total', 'gpu_prefix_cache_queries_total')(samples) ??
    share('gpu_prefix_cache_hit_rate')(samples),
  preemptions: total('num_preemptions_total'),
  inputTokens: total('prompt_tokens_total'),
  outputTokens: total('generation_tokens_total'),
  timeToFirstTokenMs: meanMs('time_to_first_token_seconds'),
  interTokenLatencyMs: meanMs('inter_token_latency_seconds', 'time_per_output_token_seconds'),
  endToEndLatencyMs: meanMs('e2e_request_latency_seconds'),
  serverQueueTimeMs: meanMs('request_queue_time_seconds'),
}

/** Reads the body of `/metrics`, old names and new ones. A text without any of them gives an object without members. */
export function readVllmMetrics(text: string): VllmMetrics {
  const samples = readPrometheusText(text, 'vllm:')
  const entries = Object.entries(readers).map(([name, read]) => [name, read(samples)] as const)
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined))
}

function total(name: string): Read {
  return (samples) => sum(samples.get(`vllm:${name}`))
}

/** A gauge from 0 to 1; the -1 of a cache that was never used is no figure. */
function share(...names: readonly string[]): Read {
  return (samples) => {
    const found = names.map((name) => samples.get(`vllm:${name}`)).find((each) => each !== undefined)
    const used = found?.filter((value) => value >= 0)
    const added = sum(used)
    return added === undefined || !used ? undefined : added / used.length
  }
}

function ratio(part: string, whole: string): Read {
  return (samples) => {
    const parts = total(part)(samples)
    const wholes = total(whole)(samples)
    return parts === undefined || !wholes ? undefined : parts / wholes
  }
}

function meanMs(...names: readonly string[]): Read {
  const means = names.map((name) => ratio(`${name}_sum`, `${name}_count`))
  return (samples) => {
    const seconds = means.map((read) => read(samples)).find((mean) => mean !== undefined)
    return seconds === undefined ? undefined : seconds * 1000
  }
}

function sum(values: Samples | undefined): number | undefined {
  return values === undefined || values.length === 0 ? undefined : values.reduce((a, b) => a + b, 0)
}
