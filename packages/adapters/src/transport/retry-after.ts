import { isPlainNumber, positiveMs, readDurationMs } from './duration.js'
import { type HttpHeaders, headerValue } from './http-exchange.js'

/**
 * How long the server asked to wait, in milliseconds: `retry-after-ms`, `retry-after` (seconds or a date),
 * `x-ratelimit-reset-…`, or the words of its message, in this order. A value in the past, or none at all, is `undefined`.
 */
export function readRetryAfterMs(headers: HttpHeaders, message: string, nowMs = Date.now()): number | undefined {
  return (
    milliseconds(headerValue(headers, 'retry-after-ms')) ??
    secondsOrDate(headerValue(headers, 'retry-after'), nowMs) ??
    resetTime(headers) ??
    fromMessage(message)
  )
}

function milliseconds(text: string | undefined): number | undefined {
  return text !== undefined && isPlainNumber(text) ? positiveMs(Number(text)) : undefined
}

function secondsOrDate(text: string | undefined, nowMs: number): number | undefined {
  if (text === undefined) return undefined
  if (isPlainNumber(text)) return positiveMs(Number(text) * 1000)
  // A date of HTTP has a weekday; without one `Date.parse` would take almost anything.
  return /^\s*[A-Za-z]{3,9},? /.test(text) ? positiveMs(Date.parse(text) - nowMs) : undefined
}

function resetTime(headers: HttpHeaders): number | undefined {
  const names = ['x-ratelimit-reset-tokens', 'x-ratelimit-reset-requests', 'x-rate-limit-reset-tokens']
  const times = names.map((name) => readDurationMs(headerValue(headers, name))).filter((time) => time !== undefined)
  return times.length === 0 ? undefined : Math.max(...times)
}

function fromMessage(message: string): number | undefined {
  const match =
    /(?:retry|try again)\s+(?:after|in)\s+(\d{1,9}(?:\.\d{1,3})?)\s*(milliseconds?|ms|seconds?|s|minutes?)\b/i.exec(
      message,
    )
  if (!match) return undefined
  const unit = match[2]?.toLowerCase() ?? 's'
  return positiveMs(
    Number(match[1]) * (unit.startsWith('mi') && !unit.startsWith('mil') ? 60_000 : unit.startsWith('m') ? 1 : 1000),
  )
}
