import { isJsonObject, parseJson } from '../openai-format/json.js'
import type { ServerLoad } from '../server-report.js'
import { type HttpHeaders, headerValue } from '../transport/http-exchange.js'

/** Asks a server for its load in the head of its answer; vLLM knows it since 0.12.0. */
export const loadInquiry = { 'endpoint-load-metrics-format': 'TEXT' } as const

/** A report has a few dozen metrics at most. */
const maxLength = 4096
const waiting = 'num_requests_waiting'
const cacheUsage = 'kv_cache_usage_perc'

/**
 * `endpoint-load-metrics`, a report in the format Open Request Cost Aggregation: `TEXT named_metrics.<name>=<number>, …` or
 * `JSON {"named_metrics": {"<name>": <number>}}`, the metrics under vLLM's names.
 */
export function readServerLoad(headers: HttpHeaders): ServerLoad | undefined {
  const text = headerValue(headers, 'endpoint-load-metrics')
  if (text === undefined || text.length > maxLength) return undefined
  const metrics = /^JSON\s/i.test(text) ? readJson(text.slice(5)) : /^TEXT\s/i.test(text) ? readText(text.slice(5)) : {}
  const waitingRequests = within(metrics[waiting], Number.MAX_SAFE_INTEGER)
  const kvCacheUsage = within(metrics[cacheUsage], 1)
  if (waitingRequests === undefined && kvCacheUsage === undefined) return undefined
  return {
    ...(waitingRequests !== undefined && { waitingRequests }),
    ...(kvCacheUsage !== undefined && { kvCacheUsage }),
  }
}

type Metrics = Readonly<Record<string, unknown>>

function readJson(text: string): Metrics {
  const json = parseJson(text)
  const metrics = isJsonObject(json) ? json['named_metrics'] : undefined
  return isJsonObject(metrics) ? metrics : {}
}

function readText(text: string): Metrics {
  const metrics: Record<string, number> = {}
  for (const entry of text.split(',')) {
    const [, name, number] = /^\s*named_metrics\.(\w{1,64})=(\d[\d.eE+-]{0,31})\s*$/.exec(entry) ?? []
    if (name === waiting || name === cacheUsage) metrics[name] = Number(number)
  }
  return metrics
}

function within(value: unknown, most: number): number | undefined {
  return typeof value === 'number' && value >= 0 && value <= most ? value : undefined
}
