import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AdapterConnection } from '../adapter.js'
import type { DuoModelErrorCode } from '../errors/duo-model-error-code.js'
import {
  type ByteServer,
  chunked,
  jsonAnswer,
  lastChunk,
  responseHead,
  startByteServer,
} from '../testing/byte-server.js'
import { claudeModelId, connectBedrock } from '../testing/connect-bedrock.js'
import { encodeConverseEvent, encodeEventStreamMessage } from '../testing/event-stream-message.js'
import { errorOf, helloRequest, openCall, runStream } from '../testing/run-stream.js'

interface Row {
  readonly situation: string
  readonly status: number
  readonly exception: string
  readonly message: string
  readonly code: DuoModelErrorCode
  readonly retryable: boolean
  /** What the advice must say. */
  readonly says: string
  readonly fields?: object
  /** Members of the body beside the message. */
  readonly more?: object
}

const arn = 'arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-3-5-sonnet-20241022-v2:0'
const user = 'User: arn:aws:iam::123456789012:user/dev is not authorized to perform: bedrock:InvokeModel'

/** One row per cause that has an error or an advice of its own. */
const rows: Row[] = [
  // What the key is.
  {
    situation: 'API key unknown',
    status: 403,
    exception: 'AccessDeniedException',
    message: 'Authentication failed: Please make sure your API Key is valid.',
    code: 'authentication',
    retryable: false,
    says: 'AWS_BEARER_TOKEN_BEDROCK',
  },
  {
    situation: 'API key expired',
    status: 403,
    exception: 'AccessDeniedException',
    message: 'Bearer Token has expired',
    code: 'authentication',
    retryable: false,
    says: '12 hours',
  },
  {
    situation: 'session expired',
    status: 403,
    exception: 'ExpiredTokenException',
    message: 'The security token included in the request is expired',
    code: 'authentication',
    retryable: false,
    says: 'have expired',
  },
  {
    situation: 'access key unknown',
    status: 403,
    exception: 'UnrecognizedClientException',
    message: 'The security token included in the request is invalid.',
    code: 'authentication',
    retryable: false,
    says: 'AWS_SESSION_TOKEN',
  },
  {
    situation: 'access key unknown, the name of STS',
    status: 403,
    exception: 'InvalidClientTokenId',
    message: 'The security token included in the request is invalid.',
    code: 'authentication',
    retryable: false,
    says: 'AWS_ACCESS_KEY_ID',
  },
  {
    situation: 'secret wrong',
    status: 403,
    exception: 'InvalidSignatureException',
    message:
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.',
    code: 'authentication',
    retryable: false,
    says: 'AWS_SECRET_ACCESS_KEY',
  },
  {
    situation: 'signed for another Region',
    status: 403,
    exception: 'InvalidSignatureException',
    message: "Credential should be scoped to a valid region, not 'us-east-1'.",
    code: 'authentication',
    retryable: false,
    says: "Set 'region'",
  },
  {
    situation: 'clock wrong, no time in the answer',
    status: 403,
    exception: 'InvalidSignatureException',
    message: 'Signature expired: 20261122T100000Z is now earlier than 20261122T105500Z (20261122T110000Z - 5 min.)',
    code: 'authentication',
    retryable: false,
    says: 'clock',
  },
  {
    situation: 'signature incomplete',
    status: 400,
    exception: 'IncompleteSignatureException',
    message: 'Authorization header requires existence of either X-Amz-Date or Date header.',
    code: 'authentication',
    retryable: false,
    says: 'without credentials',
  },
  {
    situation: 'no credentials arrived',
    status: 403,
    exception: 'MissingAuthenticationTokenException',
    message: 'Missing Authentication Token',
    code: 'authentication',
    retryable: false,
    says: 'without credentials',
  },
  // What the account may do.
  {
    situation: 'model access not granted',
    status: 403,
    exception: 'AccessDeniedException',
    message: "You don't have access to the model with the specified model ID.",
    code: 'permission',
    retryable: false,
    says: 'Model access',
  },
  {
    situation: 'use-case form missing',
    status: 404,
    exception: 'ResourceNotFoundException',
    message:
      'Model use case details have not been submitted for this account. Fill out the Anthropic use case details form before using the model. If you have already filled out the form, try again in 15 minutes.',
    code: 'permission',
    retryable: false,
    says: 'use-case form',
  },
  {
    situation: 'not subscribed in the Marketplace',
    status: 403,
    exception: 'AccessDeniedException',
    message:
      'Model access is denied due to IAM user or service role is not authorized to perform the required AWS Marketplace actions (aws-marketplace:ViewSubscriptions, aws-marketplace:Subscribe) to enable access to this model.',
    code: 'permission',
    retryable: false,
    says: 'aws-marketplace:Subscribe',
  },
  {
    situation: 'no means of payment',
    status: 403,
    exception: 'AccessDeniedException',
    message: 'Model access is denied due to INVALID_PAYMENT_INSTRUMENT:A valid payment instrument must be provided.',
    code: 'permission',
    retryable: false,
    says: 'Billing',
  },
  {
    situation: 'IAM policy missing',
    status: 403,
    exception: 'AccessDeniedException',
    message: `${user} on resource: ${arn} because no identity-based policy allows the bedrock:InvokeModel action`,
    code: 'permission',
    retryable: false,
    says: 'bedrock:InvokeModelWithResponseStream',
  },
  {
    situation: 'service control policy',
    status: 403,
    exception: 'AccessDeniedException',
    message: `${user} on resource: ${arn} with an explicit deny in a service control policy`,
    code: 'permission',
    retryable: false,
    says: 'service control policy',
  },
  {
    situation: 'policy of another Region of an inference profile',
    status: 403,
    exception: 'AccessDeniedException',
    message: `${user} on resource: arn:aws:bedrock:us-west-2::foundation-model/x with an explicit deny in a service control policy`,
    code: 'permission',
    retryable: false,
    says: 'may send requests to us-west-2',
  },
  {
    situation: 'policy against a global inference profile',
    status: 403,
    exception: 'AccessDeniedException',
    message: `${user} on resource: arn:aws:bedrock:::foundation-model/x with an explicit deny in a service control policy`,
    code: 'permission',
    retryable: false,
    says: 'every Region',
  },
  {
    situation: 'account not ready',
    status: 400,
    exception: 'ValidationException',
    message: 'Operation not allowed',
    code: 'permission',
    retryable: false,
    says: 'AWS Support',
  },
  {
    situation: 'country not served',
    status: 400,
    exception: 'ValidationException',
    message: 'Access to Anthropic models is not allowed from unsupported countries, regions, or territories.',
    code: 'permission',
    retryable: false,
    says: 'country',
  },
  {
    situation: 'denied without a reason',
    status: 403,
    exception: 'AccessDeniedException',
    message: 'Denied.',
    code: 'permission',
    retryable: false,
    says: 'bedrock:InvokeModel',
  },
  // Which model it is.
  {
    situation: 'model id unknown',
    status: 400,
    exception: 'ValidationException:http://internal.amazon.com/coral/com.amazon.bedrock/',
    message: 'The provided model identifier is invalid.',
    code: 'model-not-found',
    retryable: false,
    says: `no model '${claudeModelId}' in us-east-1`,
  },
  {
    situation: 'model not in the Region',
    status: 404,
    exception: 'ResourceNotFoundException',
    message: 'Could not resolve the foundation model from the provided model identifier.',
    code: 'model-not-found',
    retryable: false,
    says: 'the Region offers it',
  },
  {
    situation: 'ARN unknown',
    status: 404,
    exception: 'ResourceNotFoundException',
    message: 'The requested resource was not found.',
    code: 'model-not-found',
    retryable: false,
    says: 'its account',
  },
  {
    situation: 'model retired',
    status: 404,
    exception: 'ResourceNotFoundException',
    message:
      'This model version has reached the end of its life. Please refer to the AWS documentation for more details.',
    code: 'model-retired',
    retryable: false,
    says: 'active model',
  },
  {
    situation: 'model legacy',
    status: 404,
    exception: 'ResourceNotFoundException',
    message:
      'Access denied. This Model is marked by provider as Legacy and you have not been actively using the model in the last 15 days. Please upgrade to an active model on Amazon Bedrock',
    code: 'model-retired',
    retryable: false,
    says: 'active model',
  },
  {
    situation: 'inference profile needed',
    status: 400,
    exception: 'ValidationException',
    message:
      'Invocation of model ID anthropic.claude-3-7-sonnet-20250219-v1:0 with on-demand throughput isn’t supported. Retry your request with the ID or ARN of an inference profile that contains this model.',
    code: 'inference-profile-required',
    retryable: false,
    says: `'us.${claudeModelId}'`,
  },
  {
    situation: 'no such operation',
    status: 404,
    exception: 'UnknownOperationException',
    message: 'The requested operation is not recognized by the service.',
    code: 'not-found',
    retryable: false,
    says: 'host and path',
  },
  // How much there is to do.
  {
    situation: 'too many requests',
    status: 429,
    exception: 'ThrottlingException',
    message: 'Too many requests, please wait before trying again.',
    code: 'rate-limit',
    retryable: true,
    says: 'quota for this model',
  },
  {
    situation: 'too many tokens',
    status: 429,
    exception: 'ThrottlingException',
    message: 'Too many tokens, please wait before trying again.',
    code: 'rate-limit',
    retryable: true,
    says: 'per minute',
  },
  {
    situation: 'too many tokens today',
    status: 429,
    exception: 'ThrottlingException',
    message: 'Too many tokens per day, please wait before trying again.',
    code: 'quota',
    retryable: false,
    says: 'Service Quotas',
  },
  {
    situation: 'quota used up',
    status: 400,
    exception: 'ServiceQuotaExceededException',
    message: 'Your request exceeds the service quota for your account.',
    code: 'quota',
    retryable: false,
    says: 'Service Quotas',
  },
  {
    situation: 'model not ready',
    status: 429,
    exception: 'ModelNotReadyException',
    message: 'Model is not ready for inference.',
    code: 'model-not-ready',
    retryable: true,
    says: 'loading the model',
  },
  {
    situation: 'model too slow',
    status: 408,
    exception: 'ModelTimeoutException',
    message: 'Model has timed out in processing the request.',
    code: 'timeout',
    retryable: true,
    says: 'shorter answer',
    fields: { which: 'server' },
  },
  {
    situation: 'service unavailable',
    status: 503,
    exception: 'ServiceUnavailableException',
    message: 'Bedrock is unable to process your request.',
    code: 'overloaded',
    retryable: true,
    says: 'takes no requests',
  },
  {
    situation: 'service failed',
    status: 500,
    exception: 'InternalServerException',
    message: 'The system encountered an unexpected error.',
    code: 'server',
    retryable: true,
    says: 'AWS Support',
  },
  {
    situation: 'model failed',
    status: 424,
    exception: 'ModelErrorException',
    message: 'The request failed due to an error while processing the model.',
    code: 'server',
    retryable: false,
    says: 'status 500 of its own',
    more: { originalStatusCode: 500, resourceName: 'x' },
  },
  {
    situation: 'model refused',
    status: 424,
    exception: 'ModelErrorException',
    message: 'Bad.',
    code: 'invalid-request',
    retryable: false,
    says: 'status 400 of its own',
    more: { originalStatusCode: 400 },
  },
  {
    situation: 'model throttled',
    status: 424,
    exception: 'ModelErrorException',
    message: 'Slow down.',
    code: 'rate-limit',
    retryable: true,
    says: 'status 429 of its own',
    more: { originalStatusCode: 429 },
  },
  // What was asked.
  {
    situation: 'input too long',
    status: 400,
    exception: 'ValidationException',
    message: 'Input is too long for requested model.',
    code: 'context-length',
    retryable: false,
    says: 'Shorten the prompt',
  },
  {
    situation: 'prompt too long, Claude',
    status: 400,
    exception: 'ValidationException',
    message: 'prompt is too long: 210000 tokens > 200000 maximum',
    code: 'context-length',
    retryable: false,
    says: 'Shorten',
    fields: { requestedTokens: 210_000, maxModelLength: 200_000 },
  },
  {
    situation: 'prompt and output too long, Claude',
    status: 400,
    exception: 'ValidationException',
    message:
      'input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000, decrease input length or `max_tokens` and try again',
    code: 'context-length',
    retryable: false,
    says: 'maxOutputTokens',
    fields: { requestedTokens: 210_000, maxModelLength: 200_000 },
  },
  {
    situation: 'prompt too long, Mistral',
    status: 400,
    exception: 'ValidationException',
    message: "This model's maximum context length is 32768 tokens. Please reduce the length of the prompt",
    code: 'context-length',
    retryable: false,
    says: 'Shorten',
    fields: { maxModelLength: 32_768 },
  },
  {
    situation: 'system prompt',
    status: 400,
    exception: 'ValidationException',
    message:
      "This model doesn't support system messages. Try again without a system message or use a model that supports system messages.",
    code: 'unsupported-parameter',
    retryable: false,
    says: 'first user message',
    fields: { parameter: 'system' },
  },
  {
    situation: 'tools',
    status: 400,
    exception: 'ValidationException',
    message: "This model doesn't support tool use in streaming mode.",
    code: 'unsupported-parameter',
    retryable: false,
    says: 'in streams',
    fields: { parameter: 'tools' },
  },
  {
    situation: 'a field of Converse',
    status: 400,
    exception: 'ValidationException',
    message:
      "This model doesn't support the toolConfig.toolChoice.any field. Remove toolConfig.toolChoice.any and try again.",
    code: 'unsupported-parameter',
    retryable: false,
    says: 'Leave it out',
    fields: { parameter: 'toolConfig.toolChoice.any' },
  },
  {
    situation: 'a parameter the model has lost',
    status: 400,
    exception: 'ValidationException',
    message: 'The model returned the following errors: `temperature` is deprecated for this model.',
    code: 'unsupported-parameter',
    retryable: false,
    says: 'for this model',
    fields: { parameter: 'temperature' },
  },
  {
    situation: 'two parameters at once',
    status: 400,
    exception: 'ValidationException',
    message:
      'The model returned the following errors: `temperature` and `top_p` cannot both be specified for this model. Please use only one.',
    code: 'unsupported-parameter',
    retryable: false,
    says: 'for this model',
    fields: { parameter: 'temperature' },
  },
  {
    situation: 'an unknown key',
    status: 400,
    exception: 'ValidationException',
    message:
      'Malformed input request: #: extraneous key [top_n] is not permitted, please reformat your input and try again.',
    code: 'unsupported-parameter',
    retryable: false,
    says: 'does not know it',
    fields: { parameter: 'top_n' },
  },
  {
    situation: 'tool calls without tools',
    status: 400,
    exception: 'ValidationException',
    message: 'The toolConfig field must be defined when using toolUse and toolResult content blocks.',
    code: 'invalid-request',
    retryable: false,
    says: "'tools'",
  },
  {
    situation: 'too much output asked for',
    status: 400,
    exception: 'ValidationException',
    message:
      'The maximum tokens you requested exceeds the model limit of 8192. Try again with a maximum tokens value that is lower than 8192.',
    code: 'invalid-request',
    retryable: false,
    says: 'limit that the message names',
  },
  {
    situation: 'request too large',
    status: 400,
    exception: 'ValidationException',
    message:
      "1 validation error detected: Value at 'body' failed to satisfy constraint: Member must have length less than or equal to 25000000",
    code: 'invalid-request',
    retryable: false,
    says: 'limit that the message names',
  },
  {
    situation: 'guardrail unknown',
    status: 400,
    exception: 'ValidationException',
    message: 'The guardrail identifier or version provided in the request does not exist.',
    code: 'invalid-request',
    retryable: false,
    says: "'guardrail'",
  },
  {
    situation: 'malformed',
    status: 400,
    exception: 'ValidationException',
    message: 'Malformed input request: 2 schema violations found, please reformat your input and try again.',
    code: 'invalid-request',
    retryable: false,
    says: 'change the request',
  },
  {
    situation: 'conflict',
    status: 400,
    exception: 'ConflictException',
    message: 'Conflict.',
    code: 'invalid-request',
    retryable: false,
    says: 'changed',
  },
]

const head = responseHead(200, [
  ['content-type', 'application/vnd.amazon.eventstream'],
  ['transfer-encoding', 'chunked'],
  ['x-amzn-requestid', 'aws-1'],
])

function streamOf(...messages: readonly Buffer[]): Buffer {
  return Buffer.concat([Buffer.from(head), chunked(Buffer.concat(messages)), Buffer.from(lastChunk)])
}

/** The same exception inside a stream: its name begins with a small letter there. */
function exceptionMessage({ exception, message, more }: Row): Buffer {
  const name = exception.split(':', 1)[0] ?? ''
  const headers = {
    ':exception-type': name.charAt(0).toLowerCase() + name.slice(1),
    ':content-type': 'application/json',
    ':message-type': 'exception',
  }
  return encodeEventStreamMessage(headers, JSON.stringify({ message, ...more }))
}

const start = encodeConverseEvent('messageStart', { role: 'assistant' })
const text = encodeConverseEvent('contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'Hel' } })

describe('every refusal of Bedrock', () => {
  let server: ByteServer
  let connection: AdapterConnection
  let answer: Buffer | string = ''

  beforeAll(async () => {
    server = await startByteServer((socket) => socket.write(answer))
    connection = await connectBedrock(server.origin)
  })

  afterAll(async () => {
    await connection.close()
    await server.close()
  })

  it.each(rows.map((row) => [row.situation, row] as const))('%s: as an answer', async (_situation, row) => {
    const body = JSON.stringify({ message: row.message, ...row.more })
    answer = jsonAnswer(row.status, body, [
      ['x-amzn-errortype', row.exception],
      ['x-amzn-requestid', 'aws-1'],
    ])
    for (const error of [
      await errorOf(connection.generate(helloRequest, openCall())),
      (await runStream(connection)).error,
    ]) {
      const { code, retryable, status, fields } = row
      expect(error).toMatchObject({ code, retryable, status, requestId: 'aws-1', platform: 'bedrock', ...fields })
      expect(error?.message).toContain(row.says)
      expect(error?.message).toContain(`answered ${row.status} with ${row.exception.split(':', 1)[0]}`)
    }
  })

  it.each(rows.map((row) => [row.situation, row] as const))('%s: in a stream', async (_situation, row) => {
    answer = streamOf(exceptionMessage(row))
    const { code, retryable, fields } = row
    const first = (await runStream(connection)).error
    expect(first).toMatchObject({ code, retryable, phase: 'first-token', requestId: 'aws-1', ...fields })
    expect(first?.message).toContain(row.says)
    expect(first).not.toHaveProperty('status')
    answer = streamOf(start, text, exceptionMessage(row))
    const later = await runStream(connection)
    expect(later.error).toMatchObject({ code, retryable: false, phase: 'stream', partial: { text: 'Hel' } })
    expect(later.text).toBe('Hel')
  })

  it.each([
    [500, true],
    [502, true],
    [400, false],
  ])('a model that fails in a stream with %i may be asked again: %s', async (originalStatusCode, retryable) => {
    const headers = { ':exception-type': 'modelStreamErrorException', ':message-type': 'exception' }
    const failure = encodeEventStreamMessage(headers, JSON.stringify({ message: 'x', originalStatusCode }))
    answer = streamOf(start, failure)
    expect((await runStream(connection)).error?.retryable).toBe(retryable)
    answer = streamOf(start, text, failure)
    expect((await runStream(connection)).error?.retryable).toBe(false)
  })

  it('reads the exception from the body where the header is missing', async () => {
    const body = { __type: 'com.amazon.bedrock#ThrottlingException', Message: 'Too many requests' }
    answer = jsonAnswer(400, JSON.stringify(body))
    expect(await errorOf(connection.generate(helloRequest, openCall()))).toMatchObject({
      code: 'rate-limit',
      message: expect.stringContaining('ThrottlingException "Too many requests"'),
    })
  })

  it('takes an exception that comes with a good status for what it is', async () => {
    const body = { __type: 'com.amazon.coral.service#UnknownOperationException' }
    answer = jsonAnswer(200, JSON.stringify(body))
    expect(await errorOf(connection.generate(helloRequest, openCall()))).toMatchObject({ code: 'not-found' })
  })

  it('waits as long as the server says', async () => {
    const message = JSON.stringify({ message: 'Too many requests' })
    answer = jsonAnswer(429, message, [
      ['x-amzn-errortype', 'ThrottlingException'],
      ['retry-after', '7'],
    ])
    expect(await errorOf(connection.generate(helloRequest, openCall()))).toMatchObject({ retryAfterMs: 7_000 })
  })

  it.each([
    [401, 'authentication', false],
    [403, 'permission', false],
    [404, 'not-found', false],
    [407, 'authentication', false],
    [408, 'timeout', true],
    [413, 'invalid-request', false],
    [429, 'rate-limit', true],
    [499, 'aborted', false],
    [500, 'server', true],
    [502, 'server', true],
    [503, 'overloaded', true],
    [504, 'server', true],
  ])('a proxy in front that answers %i is %s', async (status, code, retryable) => {
    answer = jsonAnswer(status, '<html><title>Sorry</title></html>')
    const error = await errorOf(connection.generate(helloRequest, openCall()))
    expect(error).toMatchObject({ code, retryable, status })
    expect(error.message).toContain('a web page')
  })

  it.each([
    ['us-gov-west-1', 'us-gov.'],
    ['eu-central-1', 'eu.'],
    ['ap-southeast-2', 'apac.'],
    ['sa-east-1', 'global.'],
  ])('names the inference profile of %s: %s', async (region, prefix) => {
    const row = rows.find(({ code }) => code === 'inference-profile-required')
    answer = jsonAnswer(400, JSON.stringify({ message: row?.message }), [['x-amzn-errortype', 'ValidationException']])
    const other = await connectBedrock(server.origin, { settings: { region } })
    const error = await errorOf(other.generate(helloRequest, openCall()))
    expect(error.message).toContain(`'${prefix}${claudeModelId}'`)
    await other.close()
  })
})
