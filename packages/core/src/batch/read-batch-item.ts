import { InvalidRequestError } from '@duo-models/adapters'
import type { ModelRequest } from '../model-request.js'
import type { BatchInput } from './batch-options.js'

/** One thing the source gave, read. */
export interface ReadItem {
  readonly id: string | undefined
  /** The request, or why there is none. */
  readonly request: ModelRequest | InvalidRequestError
}

/** Tells a bare request from one with an id. Whether the request itself is right, the call finds out. */
export function readBatchItem(item: BatchInput): ReadItem {
  if (typeof item !== 'object' || item === null)
    return { id: undefined, request: invalid(`it is ${item === null ? 'null' : `a ${typeof item}`}`) }
  if (!('request' in item)) return { id: undefined, request: item }
  const { id, request } = item
  if (id !== undefined && typeof id !== 'string')
    return { id: undefined, request: invalid(`its 'id' is no string but a ${typeof id}`) }
  const unknown = Object.keys(item).find((key) => key !== 'id' && key !== 'request')
  return { id, request: unknown === undefined ? request : invalid(`it has an unknown member '${unknown}'`) }
}

function invalid(what: string): InvalidRequestError {
  return new InvalidRequestError({
    message: `An item of a batch must be a request, or { id, request }; ${what}.`,
    phase: 'configuration',
  })
}
