import type { Histogram } from './histogram.js'
import type { VllmServerState } from './vllm-server-state.js'

type Labels = readonly (readonly [name: string, value: string])[]

/** The body of `GET /metrics`: the names and labels of the running version. */
export function prometheusText(state: VllmServerState): string {
  const { metrics, behaviour, engine, servedModelNames } = state
  const names = behaviour.metrics
  const { running, waiting, kvCacheUsage } = engine.load()
  const { preemptions, prefixCacheQueries, prefixCacheHits } = engine.counters
  const labels: Labels = [
    ...(names.hasEngineLabel ? ([['engine', '0']] as const) : []),
    ['model_name', servedModelNames[0]],
  ]
  const blocks = [
    gauge('num_requests_running', 'Number of requests in model execution batches.', labels, running),
    gauge('num_requests_waiting', 'Number of requests waiting to be processed.', labels, waiting),
    names.hasSwapped && gauge('num_requests_swapped', 'Number of requests swapped to CPU.', labels, 0),
    names.hasGpuCacheUsage &&
      gauge('gpu_cache_usage_perc', 'GPU KV-cache usage. 1 means 100 percent usage.', labels, kvCacheUsage),
    names.hasKvCacheUsage &&
      gauge('kv_cache_usage_perc', 'KV-cache usage. 1 means 100 percent usage.', labels, kvCacheUsage),
    names.hasPrefixCacheHitRate &&
      gauge(
        'gpu_prefix_cache_hit_rate',
        'GPU prefix cache block hit rate.',
        labels,
        engine.settings.enablePrefixCaching ? prefixCacheHits / Math.max(1, prefixCacheQueries) : -1,
      ),
    ...names.prefixCachePrefixes.flatMap((prefix) => [
      counter(`${prefix}_queries_total`, 'Prefix cache queries, in tokens.', labels, prefixCacheQueries),
      counter(`${prefix}_hits_total`, 'Prefix cache hits, in tokens.', labels, prefixCacheHits),
    ]),
    counter('num_preemptions_total', 'Cumulative number of preemptions.', labels, preemptions),
    counter('prompt_tokens_total', 'Number of prefill tokens processed.', labels, metrics.promptTokens),
    counter('generation_tokens_total', 'Number of generation tokens processed.', labels, metrics.generationTokens),
    success(labels, metrics.finished),
    histogram('time_to_first_token_seconds', 'Time to first token in seconds.', labels, metrics.timeToFirstToken),
    names.hasTimePerOutputToken &&
      histogram(
        'time_per_output_token_seconds',
        'Time per output token in seconds.',
        labels,
        metrics.interTokenLatency,
      ),
    names.hasInterTokenLatency &&
      histogram('inter_token_latency_seconds', 'Inter-token latency in seconds.', labels, metrics.interTokenLatency),
    histogram('e2e_request_latency_seconds', 'End-to-end request latency in seconds.', labels, metrics.endToEnd),
    histogram('request_queue_time_seconds', 'Time spent waiting, in seconds.', labels, metrics.queue),
    histogram('request_inference_time_seconds', 'Time spent running, in seconds.', labels, metrics.inference),
    histogram('request_prefill_time_seconds', 'Time spent in prefill, in seconds.', labels, metrics.prefill),
    histogram('request_decode_time_seconds', 'Time spent in decode, in seconds.', labels, metrics.decode),
    histogram('request_prompt_tokens', 'Number of prefill tokens per request.', labels, metrics.requestPromptTokens),
    histogram(
      'request_generation_tokens',
      'Number of generation tokens per request.',
      labels,
      metrics.requestGenerationTokens,
    ),
  ]
  return blocks.filter((block) => block !== false).join('')
}

function head(name: string, type: string, help: string): string {
  return `# HELP vllm:${name} ${help}\n# TYPE vllm:${name} ${type}\n`
}

function series(name: string, labels: Labels, value: number): string {
  const spelled = labels.map(([label, text]) => `${label}="${text.replace(/["\\\n]/g, '\\$&')}"`)
  return `vllm:${name}{${spelled.join(',')}} ${Number.isInteger(value) ? value.toFixed(1) : value}\n`
}

function gauge(name: string, help: string, labels: Labels, value: number): string {
  return head(name, 'gauge', help) + series(name, labels, value)
}

function counter(name: string, help: string, labels: Labels, value: number): string {
  return head(name, 'counter', help) + series(name, labels, value)
}

function success(labels: Labels, finished: Readonly<Record<string, number>>): string {
  const lines = Object.entries(finished).map(([reason, count]) =>
    series('request_success_total', [...labels, ['finished_reason', reason]], count),
  )
  return head('request_success_total', 'counter', 'Count of processed requests.') + lines.join('')
}

function histogram(name: string, help: string, labels: Labels, values: Histogram): string {
  const buckets = values.buckets().map(([bound, count]) => series(`${name}_bucket`, [...labels, ['le', bound]], count))
  const totals = series(`${name}_count`, labels, values.count) + series(`${name}_sum`, labels, values.sum)
  return head(name, 'histogram', help) + buckets.join('') + totals
}
