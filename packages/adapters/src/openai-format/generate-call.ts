import type { AdapterResponse } from '../adapter-response.js'
import { Call, type CallOptions } from '../transport/call.js'
import { headerValue } from '../transport/http-exchange.js'
import type { StreamFailures } from './stream-reader.js'
import { WholeBody } from './whole-body.js'

/** What a call for a whole answer is made of. */
export interface GenerateCallOptions extends Omit<CallOptions, 'openBody' | 'onFailure'> {
  readonly failures: StreamFailures
}

/** Sends a request and waits for the whole answer. */
export function generateCall(options: GenerateCallOptions): Promise<AdapterResponse> {
  const { context, failures } = options
  return new Promise((resolve, reject) => {
    const call = new Call({
      ...options,
      onFailure: reject,
      openBody: (status, headers) =>
        new WholeBody({
          context,
          status,
          failures,
          contentType: headerValue(headers, 'content-type') ?? '',
          onResponse: (response) => {
            call.finish()
            resolve(response)
          },
        }),
    })
    call.start()
  })
}
