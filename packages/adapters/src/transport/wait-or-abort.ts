import type { AbortSource } from '../abort-source.js'
import { AbortedError } from '../errors/aborted-error.js'
import { type RequestContext, requestErrorFields } from './request-context.js'

/**
 * Waits for something that several callers share: the signal ends this caller's waiting and nothing else.
 * @throws AbortedError when the signal fires first.
 */
export function waitOrAbort<T>(shared: Promise<T>, signal: AbortSource, context: RequestContext): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      const fields = requestErrorFields(context, 'was aborted by the caller before it was sent.', signal.reason)
      reject(new AbortedError({ ...fields, phase: 'request' }))
    }
    if (signal.aborted) {
      onAbort()
      return
    }
    signal.addEventListener('abort', onAbort, { once: true })
    shared.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}
