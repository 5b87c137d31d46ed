import { type BedrockExceptionName, bedrockExceptionFacts } from './bedrock-exception.js'

/** A request that is refused. Thrown while a request is read; becomes an exception of AWS. */
export class BedrockRequestError extends Error {
  override readonly name = 'BedrockRequestError'
  readonly exception: BedrockExceptionName

  /** `message` defaults to what AWS says. */
  constructor(exception: BedrockExceptionName, message: string = bedrockExceptionFacts(exception).message) {
    super(message)
    this.exception = exception
  }
}

/** A `ValidationException`. */
export function validationError(message: string): BedrockRequestError {
  return new BedrockRequestError('ValidationException', message)
}

/** The `ValidationException` of a body that breaks the model provider's own schema. */
export function malformedInput(complaint: string): BedrockRequestError {
  return validationError(`Malformed input request: ${complaint}, please reformat your input and try again.`)
}
