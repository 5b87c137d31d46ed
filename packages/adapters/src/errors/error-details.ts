import type { TimeLimit } from './time-limit.js'

/** What an error of a certain code carries beside the fields all errors have. */
export interface ErrorDetails {
  readonly 'unsupported-parameter': {
    /** The parameter in the server's spelling; absent where the server did not name it. */
    readonly parameter?: string
  }
  readonly 'content-filter': {
    /** The platform's names of what was found, such as `jailbreak`; absent where it did not say. */
    readonly categories?: readonly string[]
  }
  readonly 'context-length': {
    /** Tokens the server can take, prompt and output together; absent where it did not say. */
    readonly maxModelLength?: number
    /** Tokens that were asked for, prompt and output together; absent where the server did not say. */
    readonly requestedTokens?: number
  }
  readonly 'structured-output-invalid': {
    /** JSON Pointer to the value in the answer that is wrong; absent where the whole answer is. */
    readonly path?: string
  }
  readonly timeout: {
    /** The limit that was passed, in milliseconds; absent where the server and not this side gave up. */
    readonly timeoutMs?: number
    /** Which limit it was. */
    readonly which: TimeLimit
  }
  readonly 'all-deployments-failed': {
    /** What each deployment failed with, in the order they were tried. */
    readonly errors: readonly Error[]
    /** Requests that were sent, retries included. */
    readonly attempts: number
  }
  readonly compatibility: {
    /** What the rules engine found. */
    readonly report: CompatibilityErrorReport
  }
}

/** The part of the rules engine's report that an error relies on; the whole report has more. */
export interface CompatibilityErrorReport {
  readonly ok: boolean
  readonly verdict: string
  readonly findings: readonly {
    readonly rule: string
    readonly severity: string
    readonly path: string
    readonly message: string
  }[]
}

/** The fields an error of the code `Code` carries beside the common ones. */
export type ErrorDetailsOf<Code> = Code extends keyof ErrorDetails ? ErrorDetails[Code] : unknown
