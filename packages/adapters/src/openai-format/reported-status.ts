import type { ErrorBody } from './error-body.js'

const statusByType: readonly (readonly [RegExp, number])[] = [
  [/badrequest|bad request|invalid_request|validation/i, 400],
  [/unauthorized|authentication/i, 401],
  [/permission|forbidden/i, 403],
  [/notfound|not found/i, 404],
  [/rate_?limit|too_?many_?requests|too many requests|insufficient_quota/i, 429],
  [/overloaded|unavailable/i, 503],
]

/** The status an error inside a stream stands for: the code it names, or else its code, its type or its words. */
export function reportedStatus({ code, type, message }: ErrorBody): number {
  const named = Number(code)
  if (Number.isInteger(named) && named >= 400 && named <= 599) return named
  const words = [code, type].filter((word) => word !== undefined && word !== '')
  const text = words.length === 0 ? message : words.join(' ')
  return statusByType.find(([pattern]) => pattern.test(text))?.[1] ?? 500
}
