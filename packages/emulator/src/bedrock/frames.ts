import type { Random } from '../random.js'
import { sortedJson } from '../sorted-json.js'
import { type BedrockExceptionName, bedrockExceptionFacts } from './bedrock-exception.js'
import { encodeFrame } from './event-stream-frame.js'

const contentType = [':content-type', 'application/json'] as const
const paddingCharacters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'

/** An event. Its payload gets a member `p` of random length, so that the length of a frame tells nothing of its text. */
export function eventFrame(type: string, payload: object, random: Random): Buffer {
  const padding = paddingCharacters.slice(0, 1 + random.integer(paddingCharacters.length))
  const headers = [[':event-type', type], contentType, [':message-type', 'event']] as const
  return encodeFrame(headers, sortedJson({ ...payload, p: padding }))
}

/** A modelled exception, which ends a stream. Inside a stream its name begins with a small letter. */
export function exceptionFrame(name: BedrockExceptionName, message?: string): Buffer {
  const facts = bedrockExceptionFacts(name)
  const payload = sortedJson({ message: message ?? facts.message, ...facts.members })
  return exceptionFrameWith(name, payload)
}

/** A modelled exception with a payload of the caller's. */
export function exceptionFrameWith(name: BedrockExceptionName, payload: string): Buffer {
  const type = name[0]?.toLowerCase() + name.slice(1)
  return encodeFrame([[':exception-type', type], contentType, [':message-type', 'exception']], payload)
}

/** An error that the API model does not know: code and message are headers, and there is no payload. */
export function errorFrame(name: BedrockExceptionName, message?: string): Buffer {
  const text = message ?? bedrockExceptionFacts(name).message
  const headers = [
    [':message-type', 'error'],
    [':error-code', name],
    [':error-message', text],
  ] as const
  return encodeFrame(headers, '')
}
