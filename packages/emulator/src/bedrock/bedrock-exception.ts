/** An exception of Amazon Bedrock Runtime or of the AWS front door: what its HTTP status is, and what it says by default. */
interface BedrockExceptionFacts {
  readonly status: number
  readonly message: string
  /** Members beside `message` in the body. */
  readonly members?: Readonly<Record<string, string | number>>
}

/** Status codes of the public Bedrock Runtime API model; messages as AWS answers them. */
const facts = {
  ThrottlingException: { status: 429, message: 'Too many requests, please wait before trying again.' },
  ModelNotReadyException: {
    status: 429,
    message: 'Model is not ready for inference. Wait and try your request again.',
  },
  ServiceUnavailableException: {
    status: 503,
    message: 'Bedrock is unable to process your request.',
  },
  InternalServerException: {
    status: 500,
    message: 'The system encountered an unexpected error during processing. Try your request again.',
  },
  ModelTimeoutException: {
    status: 408,
    message: 'Model has timed out in processing the request. Try your request again.',
  },
  ModelErrorException: {
    status: 424,
    message: 'The system encountered an unexpected error during processing. Try your request again.',
    members: { originalStatusCode: 500, resourceName: '' },
  },
  ModelStreamErrorException: {
    status: 424,
    message: 'The system encountered an unexpected error during processing. Try your request again.',
    members: { originalStatusCode: 500, originalMessage: 'The model failed while it was streaming.' },
  },
  ValidationException: { status: 400, message: 'The provided request is not valid.' },
  ServiceQuotaExceededException: {
    status: 400,
    message: 'Your request exceeds the service quota for your account.',
  },
  AccessDeniedException: {
    status: 403,
    message: "You don't have access to the model with the specified model ID.",
  },
  ResourceNotFoundException: {
    status: 404,
    message: 'Could not resolve the foundation model from the model identifier.',
  },
  ConflictException: { status: 400, message: 'Error occurred because of a conflict while performing an operation.' },
  SerializationException: { status: 400, message: 'The request body could not be read.' },
  UnknownOperationException: { status: 404, message: 'The operation is not known.' },
  UnrecognizedClientException: { status: 403, message: 'The security token included in the request is invalid.' },
  ExpiredTokenException: { status: 403, message: 'The security token included in the request is expired' },
  InvalidSignatureException: {
    status: 403,
    message:
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
  },
  IncompleteSignatureException: { status: 400, message: 'The request signature is incomplete.' },
  MissingAuthenticationTokenException: { status: 403, message: 'Missing Authentication Token' },
} as const satisfies Readonly<Record<string, BedrockExceptionFacts>>

/** An exception Amazon Bedrock answers with, spelled as in the `x-amzn-ErrorType` header. */
export type BedrockExceptionName = keyof typeof facts

/** Every exception the emulator can answer with. */
export const bedrockExceptionNames = Object.keys(facts) as readonly BedrockExceptionName[]

/** Status, default message and further members of an exception. */
export function bedrockExceptionFacts(name: BedrockExceptionName): BedrockExceptionFacts {
  return facts[name]
}
