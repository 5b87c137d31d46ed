import { DuoModelError } from './duo-model-error.js'
import type { DuoModelErrorOptions } from './duo-model-error-options.js'

/** What came back is not what the platform's protocol allows: a web page, broken JSON, a compressed body, a redirect. */
export class ProtocolError extends DuoModelError {
  declare readonly code: 'protocol'

  constructor(options: DuoModelErrorOptions) {
    super('protocol', options, { phase: 'response', retryable: false })
  }

  override get name(): string {
    return 'ProtocolError'
  }
}
