import type { AdapterResponse } from '../adapter-response.js'
import { Call, type CallOptions } from '../transport/call.js'
import { headerValue } from '../transport/http-exchange.js'
import type { ReadContentFilters } from './content-filter-reader.js'
import type { StreamFailures } from './stream-reader.js'
import { WholeBody } from './whole-body.js'

/** What a call for a whole answer is made of. */
export interface GenerateCallOptions extends CallOptions {
  readonly failures: StreamFailures
  readonly readContentFilters?: ReadContentFilters | undefined
}

/** Sends a request and waits for the whole answer. */
export function generateCall(options: GenerateCallOptions): Promise<AdapterResponse> {
  return new Promise((resolve, reject) => {
    const { context, failures, readContentFilters } = options
    const call = new Call(options, {
      onFailure: reject,
      openBody: (status, headers) =>
        new WholeBody({
          context,
          status,
          failures,
          readContentFilters,
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
