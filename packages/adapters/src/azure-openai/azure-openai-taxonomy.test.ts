import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AdapterConnection } from '../adapter.js'
import type { DuoModelErrorCode } from '../errors/duo-model-error-code.js'
import { type ByteServer, eventStream, jsonAnswer, startByteServer } from '../testing/byte-server.js'
import { connectAzureOpenAI } from '../testing/connect-azure-openai.js'
import { errorOf, helloRequest, openCall, runStream } from '../testing/run-stream.js'

interface Row {
  readonly situation: string
  readonly status: number
  /** The `error` member, or the whole body as text. */
  readonly error: Readonly<Record<string, unknown>> | string
  readonly code: DuoModelErrorCode
  readonly retryable: boolean
  /** What the advice must say. */
  readonly says: string
  readonly headers?: readonly (readonly [string, string])[]
  readonly fields?: object
}

const filterText =
  "The response was filtered due to the prompt triggering Azure OpenAI's content management policy. Please modify your prompt and retry."
const found = { hate: { filtered: false, severity: 'safe' }, jailbreak: { filtered: true, detected: true } }
const operation =
  'Requests to the ChatCompletions_Create Operation under Azure OpenAI API version 2024-10-21 have exceeded'

function filterRow(situation: string, inner: object, fields?: object, code = 'content_filter'): Row {
  const error = { message: filterText, type: null, param: 'prompt', code, status: 400, ...inner }
  const says = fields ? 'Found: jailbreak' : 'Change the prompt'
  return { situation, status: 400, error, code: 'content-filter', retryable: false, says, ...(fields && { fields }) }
}

const jailbreak = { categories: ['jailbreak'] }

/** One row per cause that has an error or an advice of its own. */
const rows: Row[] = [
  // Who asks.
  {
    situation: 'key unknown, or of another resource',
    status: 401,
    error: {
      code: '401',
      message:
        'Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an active subscription and use a correct regional API endpoint for your resource.',
    },
    code: 'authentication',
    retryable: false,
    says: 'belongs to another resource',
  },
  {
    situation: 'no key arrived, told by a gateway',
    status: 401,
    error: '{"statusCode":401,"message":"Access denied due to missing subscription key."}',
    code: 'authentication',
    retryable: false,
    says: 'missing subscription key',
  },
  {
    situation: 'role missing',
    status: 401,
    error: {
      code: 'PermissionDenied',
      message:
        'The principal `x` lacks the required data action `Microsoft.CognitiveServices/accounts/OpenAI/deployments/chat/completions/action`.',
    },
    code: 'permission',
    retryable: false,
    says: 'Cognitive Services OpenAI User',
  },
  {
    situation: 'role missing, as a 403',
    status: 403,
    error: { code: 'PermissionDenied', message: 'Principal does not have access to API/Operation.' },
    code: 'permission',
    retryable: false,
    says: 'Cognitive Services OpenAI User',
  },
  {
    situation: 'keys switched off',
    status: 403,
    error: { code: 'AuthenticationTypeDisabled', message: 'Key based authentication is disabled for this resource.' },
    code: 'authentication',
    retryable: false,
    says: 'createAzureOpenAIAdapter({ credential })',
  },
  {
    situation: 'tenant differs',
    status: 401,
    error: { code: 'Unauthorized', message: 'Token tenant a does not match resource tenant b.' },
    code: 'authentication',
    retryable: false,
    says: 'another tenant',
  },
  {
    situation: 'network closed',
    status: 403,
    error: { code: '403', message: 'Access denied due to Virtual Network/Firewall rules.' },
    code: 'permission',
    retryable: false,
    says: 'Networking',
  },
  {
    situation: 'private endpoint only',
    status: 403,
    error: { code: '403', message: 'Public access is disabled. Please configure private endpoint.' },
    code: 'permission',
    retryable: false,
    says: 'private endpoint',
  },
  {
    situation: 'calls of a gateway used up',
    status: 403,
    error: '{"statusCode":403,"message":"Out of call volume quota. Quota will be replenished in 12:34:56."}',
    code: 'quota',
    retryable: false,
    says: 'no more calls',
  },
  // What is asked for.
  {
    situation: 'deployment misspelt',
    status: 404,
    error: {
      code: 'DeploymentNotFound',
      message:
        'The API deployment for this resource does not exist. If you created the deployment within the last 5 minutes, please wait a moment and try again.',
    },
    code: 'model-not-found',
    retryable: false,
    says: "no deployment 'gpt-4o'",
  },
  {
    situation: 'deployment misspelt, v1',
    status: 404,
    error: { code: 'model_not_found', message: 'The model `gpt4` does not exist', type: 'invalid_request_error' },
    code: 'model-not-found',
    retryable: false,
    says: "none named 'gpt-4o'",
  },
  {
    situation: 'path, host or api-version wrong',
    status: 404,
    error: { code: '404', message: 'Resource not found' },
    code: 'not-found',
    retryable: false,
    says: "The api-version was '2024-10-21'",
  },
  {
    situation: 'api-version refused',
    status: 400,
    error: { code: 'BadRequest', message: 'API version not supported' },
    code: 'unsupported-parameter',
    retryable: false,
    says: "without 'apiVersion' the v1 API is used",
    fields: { parameter: 'api-version' },
  },
  {
    situation: 'api-version too old for the model',
    status: 400,
    error: {
      code: 'BadRequest',
      message: 'Model {modelName} is enabled only for api versions 2024-12-01-preview and later',
    },
    code: 'unsupported-parameter',
    retryable: false,
    says: 'At least 2024-12-01-preview is needed',
    fields: { parameter: 'api-version' },
  },
  {
    situation: 'api-version too old for a member',
    status: 400,
    error: { message: 'Unrecognized request argument supplied: stream_options', type: 'invalid_request_error' },
    code: 'unsupported-parameter',
    retryable: false,
    says: "The api-version was '2024-10-21'",
    fields: { parameter: 'stream_options' },
  },
  {
    situation: 'max_tokens with a reasoning model',
    status: 400,
    error: {
      message:
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
      type: 'invalid_request_error',
      param: 'max_tokens',
      code: 'unsupported_parameter',
    },
    code: 'unsupported-parameter',
    retryable: false,
    says: 'Leave the member out',
    fields: { parameter: 'max_tokens' },
  },
  {
    situation: 'temperature with a reasoning model',
    status: 400,
    error: {
      message:
        "Unsupported value: 'temperature' does not support 0 with this model. Only the default (1) value is supported.",
      type: 'invalid_request_error',
      param: 'temperature',
      code: 'unsupported_value',
    },
    code: 'unsupported-parameter',
    retryable: false,
    says: 'Only the default (1)',
    fields: { parameter: 'temperature' },
  },
  {
    situation: 'model without chat',
    status: 400,
    error: {
      code: 'OperationNotSupported',
      message:
        'The chatCompletion operation does not work with the specified model, gpt-35-turbo-instruct. Please choose different model and try again.',
    },
    code: 'invalid-request',
    retryable: false,
    says: 'has no chat completions',
  },
  {
    situation: 'model retired',
    status: 410,
    error: { code: 'ModelDeprecated', message: 'The model gpt-4 version 0613 has been retired.' },
    code: 'model-retired',
    retryable: false,
    says: 'Deploy a newer one',
  },
  {
    situation: 'deployment being made',
    status: 409,
    error: { code: 'DeploymentNotReady', message: 'The deployment is not ready.' },
    code: 'model-not-ready',
    retryable: true,
    says: 'being made',
  },
  {
    situation: 'context length',
    status: 400,
    error: {
      message:
        "This model's maximum context length is 4097 tokens. However, your messages resulted in 5000 tokens. Please reduce the length of the messages.",
      type: 'invalid_request_error',
      param: 'messages',
      code: 'context_length_exceeded',
    },
    code: 'context-length',
    retryable: false,
    says: 'Shorten the prompt',
    fields: { maxModelLength: 4097, requestedTokens: 5000 },
  },
  {
    situation: 'anything else about the request',
    status: 400,
    error: { message: "Invalid 'messages': empty array.", type: 'invalid_request_error', param: 'messages' },
    code: 'invalid-request',
    retryable: false,
    says: 'change the request',
  },
  // The filter, in every spelling.
  filterRow('filter: innererror, content_filter_result', { innererror: { content_filter_result: found } }, jailbreak),
  filterRow('filter: innererror, content_filter_results', { innererror: { content_filter_results: found } }, jailbreak),
  filterRow(
    'filter: inner_error, content_filter_results',
    { inner_error: { content_filter_results: found } },
    jailbreak,
  ),
  filterRow('filter: inner_error, content_filter_result', { inner_error: { content_filter_result: found } }, jailbreak),
  filterRow('filter: no details', {}),
  filterRow('filter: by its inner code', { innererror: { code: 'ResponsibleAIPolicyViolation' } }, undefined, '400'),
  filterRow('filter: by its code', {}, undefined, 'ResponsibleAIPolicyViolation'),
  filterRow('filter: details that are none', { innererror: { content_filter_result: 'x' } }),
  // How much.
  {
    situation: 'tokens per minute',
    status: 429,
    error: {
      code: '429',
      message: `${operation} token rate limit of your current OpenAI S0 pricing tier. Please retry after 2 seconds.`,
    },
    headers: [['retry-after', '2']],
    code: 'rate-limit',
    retryable: true,
    says: 'lower maxOutputTokens',
    fields: { retryAfterMs: 2_000 },
  },
  {
    situation: 'calls per minute, the wait in the message alone',
    status: 429,
    error: {
      code: '429',
      message: `${operation} call rate limit of your current OpenAI S0 pricing tier. Please retry after 7 seconds.`,
    },
    code: 'rate-limit',
    retryable: true,
    says: 'fewer requests at once',
    fields: { retryAfterMs: 7_000 },
  },
  {
    situation: 'policy and reset in headers',
    status: 429,
    error: { code: '429', message: 'Rate limit is exceeded. Try again in 9 seconds.' },
    headers: [
      ['x-rate-limit-reset-tokens', '5'],
      ['policy-id', 'DeploymentRatelimit-Token'],
    ],
    code: 'rate-limit',
    retryable: true,
    says: 'lower maxOutputTokens',
    fields: { retryAfterMs: 5_000 },
  },
  {
    situation: 'provisioned throughput, milliseconds before seconds',
    status: 429,
    error: {
      code: '429',
      message: `${operation} the provisioned throughput of this deployment. Please retry after 2 seconds.`,
    },
    headers: [
      ['retry-after-ms', '1250'],
      ['retry-after', '2'],
    ],
    code: 'rate-limit',
    retryable: true,
    says: 'fallback in the configuration',
    fields: { retryAfterMs: 1_250 },
  },
  {
    situation: 'the day used up',
    status: 429,
    error: { code: '429', message: `${operation} token rate limit. Please retry after 86400 seconds.` },
    code: 'quota',
    retryable: false,
    says: 'used up',
    fields: { retryAfterMs: 86_400_000 },
  },
  {
    situation: 'no money left',
    status: 429,
    error: { code: 'insufficient_quota', message: 'You exceeded your current quota.' },
    code: 'quota',
    retryable: false,
    says: 'used up',
  },
  {
    situation: 'model overloaded, as a 429',
    status: 429,
    error: { code: '429', message: 'That model is currently overloaded with other requests.' },
    code: 'overloaded',
    retryable: true,
    says: 'takes no requests now',
  },
  // The server.
  {
    situation: 'time-out of the service',
    status: 408,
    error: { code: 'Timeout', message: 'The operation was timeout.' },
    code: 'timeout',
    retryable: true,
    says: 'gave up waiting',
  },
  {
    situation: 'service failed',
    status: 500,
    error: { code: 'InternalServerError', message: 'The server had an error while processing your request.' },
    code: 'server',
    retryable: true,
    says: 'failed',
  },
  {
    situation: 'model overloaded, as a 500',
    status: 500,
    error: { code: 'InternalServerError', message: 'The engine is currently overloaded, please try again later.' },
    code: 'overloaded',
    retryable: true,
    says: 'takes no requests now',
  },
  {
    situation: 'service unavailable',
    status: 503,
    error: { code: 'ServiceUnavailable', message: 'The service is temporarily unable to process your request.' },
    code: 'overloaded',
    retryable: true,
    says: 'takes no requests now',
  },
  {
    situation: 'service failed, and says that it is no use',
    status: 500,
    error: { message: 'no', type: 'server_error' },
    headers: [['x-should-retry', 'false']],
    code: 'server',
    retryable: false,
    says: 'failed',
  },
  {
    situation: 'a login page',
    status: 403,
    error: '<html><title>Sign in</title></html>',
    code: 'permission',
    retryable: false,
    says: 'a web page',
  },
]

const requestId = '11111111-1111-4111-8111-111111111111'

describe('errors of Azure OpenAI', () => {
  let server: ByteServer
  let connection: AdapterConnection
  let answer: string | Buffer = ''

  beforeAll(async () => {
    server = await startByteServer((socket) => socket.write(answer))
    connection = await connectAzureOpenAI(server.origin)
  })
  afterAll(async () => {
    await connection.close()
    await server.close()
  })

  it.each(rows.map((row) => [row.situation, row] as const))('%s', async (_situation, row) => {
    const { status, error, headers = [], code, retryable, says, fields } = row
    const body = typeof error === 'string' ? error : JSON.stringify({ error })
    answer = jsonAnswer(status, body, [...headers, ['apim-request-id', requestId]])
    const thrown = await errorOf(connection.generate(helloRequest, openCall()))
    expect(thrown).toMatchObject({ code, retryable, status, requestId, deployment: 'chat', platform: 'azure-openai' })
    expect(thrown).toMatchObject(fields ?? {})
    expect(thrown.message).toContain(says)
    expect(`${JSON.stringify(thrown)}${thrown.stack}`).not.toContain('test-key')
  })

  it.each(
    rows
      .filter((row) => typeof row.error !== 'string' && /^\d+$/.test(String(row.error['code'])))
      .map((row) => [row.situation, row] as const),
  )('inside a stream with status 200: %s', async (_situation, { error, code, fields }) => {
    const wait = fields && 'retryAfterMs' in fields && String(JSON.stringify(error)).includes('after') ? fields : {}
    answer = eventStream(`data: ${JSON.stringify({ error })}\n\ndata: [DONE]\n\n`)
    const outcome = await runStream(connection)
    const isProvisioned = String(JSON.stringify(error)).includes('provisioned')
    expect(outcome.error).toMatchObject({ code, ...(isProvisioned ? {} : wait) })
    expect(outcome.error?.status).toBeUndefined()
    expect(outcome.events).toEqual([])
  })

  it('shows the categories of a filtered prompt in JSON, and nothing of the prompt', async () => {
    const error = { code: 'content_filter', message: filterText, innererror: { content_filter_result: found } }
    answer = jsonAnswer(400, JSON.stringify({ error }))
    const thrown = await errorOf(connection.generate(helloRequest, openCall()))
    expect(JSON.parse(JSON.stringify(thrown))).toMatchObject({ code: 'content-filter', categories: ['jailbreak'] })
  })
})
