/**
 * How far a request had come when it failed.
 *
 * - `configuration`: nothing was sent, because the configuration does not allow it.
 * - `queue`: it was waiting on this side.
 * - `connect`: the connection was being opened.
 * - `request`: it was being sent, or its answer had not begun.
 * - `first-token`: the server had accepted it, and no content had come.
 * - `stream`: content was coming.
 * - `response`: the answer was there, and it was a refusal or not usable.
 */
export type ErrorPhase = 'configuration' | 'queue' | 'connect' | 'request' | 'first-token' | 'stream' | 'response'
