import type { IncomingHttpHeaders } from 'node:http'
import type { HeaderList } from '../http/response-writer.js'
import type { VllmServerState } from './vllm-server-state.js'

/**
 * The server's load in the Open Request Cost Aggregation (ORCA) format that the request asks for in the header
 * `endpoint-load-metrics-format`: `TEXT` or `JSON`, in any case. vLLM answers no other format, and reports these two.
 */
export function loadHeaders(headers: IncomingHttpHeaders, { behaviour, engine }: VllmServerState): HeaderList {
  const wanted = headers['endpoint-load-metrics-format']
  if (!behaviour.reportsLoad || typeof wanted !== 'string') return []
  const { kvCacheUsage, waiting } = engine.load()
  const metrics = [
    ['kv_cache_usage_perc', pythonFloat(kvCacheUsage)],
    ['num_requests_waiting', pythonFloat(waiting)],
  ] as const
  switch (wanted.toLowerCase()) {
    case 'text':
      return header(`TEXT ${metrics.map(([name, value]) => `named_metrics.${name}=${value}`).join(', ')}`)
    case 'json':
      return header(`JSON {"named_metrics": {${metrics.map(([name, value]) => `"${name}": ${value}`).join(', ')}}}`)
    default:
      return []
  }
}

function header(value: string): HeaderList {
  return [['endpoint-load-metrics', value]]
}

function pythonFloat(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value)
}
