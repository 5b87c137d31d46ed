import type { JsonObject } from '../json.js'
import { pythonJson } from './python-text.js'
import type { VllmBehaviour } from './vllm-behaviour.js'
import type { VllmErrorDetails } from './vllm-request-error.js'

/** The error body of a version: flat up to 0.10.0, nested in `error` from 0.10.1. `code` is a number in both. */
export function errorBody({ status, type, message, param }: VllmErrorDetails, behaviour: VllmBehaviour): JsonObject {
  if (behaviour.nestsErrors) return { error: { message, type, param, code: status } }
  return { object: 'error', message, type, param, code: status }
}

/** The event that reports a failure inside a stream, without its blank line. */
export function streamErrorData(details: VllmErrorDetails, behaviour: VllmBehaviour): string {
  const body = errorBody(details, behaviour)
  return behaviour.hasOldStreamErrors ? pythonJson({ error: body }) : JSON.stringify(body)
}
