import type { DuoModelError } from '@duo-models/adapters'

const sharedCauses = new WeakMap<DuoModelError, object>()

/**
 * Says that several errors have one cause, such as a connection that broke under all the requests on it: each is told of
 * its own, and the replica failed once.
 * @param cause the same object for all of them; it is only compared
 */
export function setSharedCause(error: DuoModelError, cause: object): void {
  sharedCauses.set(error, cause)
}

/** What an error has in common with others; `undefined` for one by itself. */
export function sharedCauseOf(error: DuoModelError): object | undefined {
  return sharedCauses.get(error)
}
