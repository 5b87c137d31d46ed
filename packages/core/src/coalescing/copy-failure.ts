import { DuoModelError } from '@duo-models/adapters'

/** The same failure for a further caller: what is added to one, such as `partial`, does not show in the other. */
export function copyFailure<Failure extends DuoModelError>(failure: Failure): Failure {
  // The methods of an error of another copy of the package work only on what its own constructor has made.
  if (!(failure instanceof DuoModelError)) return failure
  const copy: Failure = Reflect.construct(DuoModelError, [failure.code, failure], failure.constructor)
  Object.assign(copy, failure)
  Object.defineProperty(copy, 'stack', { value: failure.stack, configurable: true, writable: true })
  return copy
}
