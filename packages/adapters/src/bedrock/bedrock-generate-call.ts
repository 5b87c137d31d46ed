import type { AdapterResponse } from '../adapter-response.js'
import { type BedrockCallOptions, createAnswer, explainUnknownHost, openCall } from './bedrock-call.js'
import { awsRequestId, bedrockFailures } from './bedrock-errors.js'
import { BedrockWholeBody } from './bedrock-whole-body.js'
import { responseOfEvents } from './response-of-events.js'

/** Sends a request and waits for the whole answer. */
export async function bedrockGenerateCall(options: BedrockCallOptions): Promise<AdapterResponse> {
  const answer = createAnswer(options)
  return new Promise((resolve, reject) => {
    const opened = openCall(options, (errorContext) => ({
      onFailure: (error) => reject(explainUnknownHost(error, options.endpoint)),
      openBody: (status, headers) =>
        new BedrockWholeBody({
          answer,
          failures: bedrockFailures(errorContext, awsRequestId(headers, errorContext.context.redact)),
          context: errorContext.context,
          status,
          headers,
          onComplete: () => {
            opened.then((call) => call.finish(), reject)
            resolve(responseOfEvents(answer.takeEvents()))
          },
        }),
    }))
    opened.then((call) => call.start(), reject)
  })
}
