import type { RateLimitReport, ServerReport } from '../server-report.js'
import { readDurationMs } from '../transport/duration.js'
import { type HttpHeaders, headerValue } from '../transport/http-exchange.js'

/** A limit comes back within a day; what says otherwise is a date, or a mistake. */
const maxResetMs = 86_400_000

/**
 * `x-ratelimit-{limit,remaining,reset}-{requests,tokens}` of OpenAI, Azure OpenAI and gateways before other servers. A
 * reset is a duration (`6m0s`, `20ms`) or, with Azure, a number of seconds. -1 and 0 stand for "unknown", except for a
 * remainder of 0 beside its limit.
 */
export function readRateLimits(headers: HttpHeaders): ServerReport['rateLimit'] {
  const requests = readLimit(headers, requestHeaders)
  const tokens = readLimit(headers, tokenHeaders)
  if (requests === undefined) return tokens && { tokens }
  return tokens === undefined ? { requests } : { requests, tokens }
}

interface LimitHeaders {
  readonly limit: string
  readonly remaining: string
  readonly reset: string
}

const requestHeaders = headersOf('requests')
const tokenHeaders = headersOf('tokens')

function headersOf(what: string): LimitHeaders {
  return {
    limit: `x-ratelimit-limit-${what}`,
    remaining: `x-ratelimit-remaining-${what}`,
    reset: `x-ratelimit-reset-${what}`,
  }
}

function readLimit(headers: HttpHeaders, names: LimitHeaders): RateLimitReport | undefined {
  const limit = readCount(headerValue(headers, names.limit)) || undefined
  const left = readCount(headerValue(headers, names.remaining))
  const remaining = left === 0 && limit === undefined ? undefined : left
  if (limit === undefined && remaining === undefined) return undefined
  const resetMs = readDurationMs(headerValue(headers, names.reset))
  // No spread: this runs once per answer.
  const report: Writable<RateLimitReport> = {}
  if (limit !== undefined) report.limit = limit
  if (remaining !== undefined) report.remaining = remaining
  if (resetMs !== undefined && resetMs <= maxResetMs) report.resetMs = resetMs
  return report
}

type Writable<Value> = { -readonly [Key in keyof Value]: Value[Key] }

/** A whole number, without a sign. */
function readCount(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined
}
