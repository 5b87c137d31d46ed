import type { HeaderList } from '../http/response-writer.js'
import { uuid } from '../uuid.js'
import type { BedrockExceptionName } from './bedrock-exception.js'
import type { BedrockServerState } from './bedrock-server-state.js'

/** The headers AWS puts on every response. The date is that of the emulated server's clock. */
export function bedrockHeaders({ clock, ids }: Pick<BedrockServerState, 'clock' | 'ids'>): HeaderList {
  return [
    ['Date', clock().toUTCString()],
    ['x-amzn-RequestId', uuid(ids)],
  ]
}

/** Names of exceptions come with the URI of the service's own namespace, which clients must cut off. */
export function errorTypeHeader(exception: BedrockExceptionName): readonly [string, string] {
  return ['x-amzn-ErrorType', `${exception}:http://internal.amazon.com/coral/com.amazon.bedrock/`]
}
