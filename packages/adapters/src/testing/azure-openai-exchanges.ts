import type { WireExchange } from './wire-exchange.js'

/**
 * What Azure OpenAI sends beyond the OpenAI format: reports of its content filter and its own error bodies. The bytes were
 * written after the sources named with each.
 */
export const azureOpenAIExchanges: readonly WireExchange[] = [
  {
    id: 'azure-01',
    name: 'First chunk: choices [] + prompt_filter_results, id/model empty',
    source: 'openllmetry test_azure cassettes (real)',
    isStreamed: true,
    server: {
      status: 200,
      headers: [
        ['content-type', 'text/event-stream; charset=utf-8'],
        ['apim-request-id', '11111111-1111-4111-8111-111111111111'],
        ['x-request-id', '22222222-2222-4222-8222-222222222222'],
        ['x-ms-region', 'Sweden Central'],
        ['x-ratelimit-remaining-requests', '499'],
        ['x-ratelimit-remaining-tokens', '49900'],
      ],
      body: [
        'data: {"choices":[],"created":0,"id":"","model":"","object":"","prompt_filter_results":[{"prompt_index":0,"content_filter_results":{"hate":{"filtered":false,"severity":"safe"},"self_harm":{"filtered":false,"severity":"safe"},"sexual":{"filtered":false,"severity":"safe"},"violence":{"filtered":false,"severity":"safe"}}}]}\n\ndata: {"choices":[{"content_filter_results":{},"delta":{"content":"","refusal":null,"role":"assistant"},"finish_reason":null,"index":0,"logprobs":null}],"created":1732000000,"id":"chatcmpl-A","model":"gpt-4o-2024-08-06","object":"chat.completion.chunk","system_fingerprint":"fp_x"}\n\ndata: {"choices":[{"content_filter_results":{"hate":{"filtered":false,"severity":"safe"},"self_harm":{"filtered":false,"severity":"safe"},"sexual":{"filtered":false,"severity":"safe"},"violence":{"filtered":false,"severity":"safe"}},"delta":{"content":"Hel"},"finish_reason":null,"index":0,"logprobs":null}],"created":1732000000,"id":"chatcmpl-A","model":"gpt-4o-2024-08-06","object":"chat.completion.chunk","system_fingerprint":"fp_x"}\n\ndata: {"choices":[{"content_filter_results":{"hate":{"filtered":false,"severity":"safe"},"self_harm":{"filtered":false,"severity":"safe"},"sexual":{"filtered":false,"severity":"safe"},"violence":{"filtered":false,"severity":"safe"}},"delta":{"content":"lo"},"finish_reason":null,"index":0,"logprobs":null}],"created":1732000000,"id":"chatcmpl-A","model":"gpt-4o-2024-08-06","object":"chat.completion.chunk","system_fingerprint":"fp_x"}\n\ndata: {"choices":[{"content_filter_results":{},"delta":{},"finish_reason":"stop","index":0,"logprobs":null}],"created":1732000000,"id":"chatcmpl-A","model":"gpt-4o-2024-08-06","object":"chat.completion.chunk","system_fingerprint":"fp_x"}\n\ndata: [DONE]\n\n',
      ],
      end: 'end',
    },
    expected: { outcome: 'answer', text: 'Hello', rawFinishReason: 'stop' },
  },
  {
    id: 'azure-03',
    name: 'Asynchronous filter: annotation chunks without delta, also after finish_reason',
    source: 'Azure docs content-streaming.md; openai-node #1015, #1982',
    isStreamed: true,
    server: {
      status: 200,
      headers: [
        ['content-type', 'text/event-stream; charset=utf-8'],
        ['apim-request-id', '11111111-1111-4111-8111-111111111111'],
        ['x-request-id', '22222222-2222-4222-8222-222222222222'],
        ['x-ms-region', 'Sweden Central'],
        ['x-ratelimit-remaining-requests', '499'],
        ['x-ratelimit-remaining-tokens', '49900'],
      ],
      body: [
        'data: {"choices":[],"created":0,"id":"","model":"","object":"","prompt_filter_results":[{"prompt_index":0,"content_filter_results":{"hate":{"filtered":false,"severity":"safe"},"self_harm":{"filtered":false,"severity":"safe"},"sexual":{"filtered":false,"severity":"safe"},"violence":{"filtered":false,"severity":"safe"}}}]}\n\ndata: {"choices":[{"content_filter_results":{},"delta":{"content":"","refusal":null,"role":"assistant"},"finish_reason":null,"index":0,"logprobs":null}],"created":1732000000,"id":"chatcmpl-A","model":"gpt-4o-2024-08-06","object":"chat.completion.chunk","system_fingerprint":"fp_x"}\n\ndata: {"choices":[{"delta":{"content":"Hello"},"finish_reason":null,"index":0,"logprobs":null}],"created":1732000000,"id":"chatcmpl-A","model":"gpt-4o-2024-08-06","object":"chat.completion.chunk","system_fingerprint":"fp_x"}\n\ndata: {"id":"","object":"","created":0,"model":"","choices":[{"index":0,"finish_reason":null,"content_filter_results":{"hate":{"filtered":false,"severity":"safe"},"self_harm":{"filtered":false,"severity":"safe"},"sexual":{"filtered":false,"severity":"safe"},"violence":{"filtered":false,"severity":"safe"}},"content_filter_offsets":{"check_offset":44,"start_offset":44,"end_offset":198}}]}\n\ndata: {"choices":[{"delta":{},"finish_reason":"stop","index":0,"logprobs":null}],"created":1732000000,"id":"chatcmpl-A","model":"gpt-4o-2024-08-06","object":"chat.completion.chunk","system_fingerprint":"fp_x"}\n\ndata: {"id":"","object":"","created":0,"model":"","choices":[{"index":0,"finish_reason":null,"content_filter_results":{"hate":{"filtered":false,"severity":"safe"},"self_harm":{"filtered":false,"severity":"safe"},"sexual":{"filtered":false,"severity":"safe"},"violence":{"filtered":false,"severity":"safe"}},"content_filter_offsets":{"check_offset":506,"start_offset":44,"end_offset":571}}]}\n\ndata: [DONE]\n\n',
      ],
      end: 'end',
    },
    expected: { outcome: 'answer', text: 'Hello', rawFinishReason: 'stop' },
  },
  {
    id: 'azure-06',
    name: 'content_filter_error: filter system was down, text is still delivered',
    source: 'Azure docs content filter',
    isStreamed: true,
    server: {
      status: 200,
      headers: [
        ['content-type', 'text/event-stream; charset=utf-8'],
        ['apim-request-id', '11111111-1111-4111-8111-111111111111'],
        ['x-request-id', '22222222-2222-4222-8222-222222222222'],
        ['x-ms-region', 'Sweden Central'],
        ['x-ratelimit-remaining-requests', '499'],
        ['x-ratelimit-remaining-tokens', '49900'],
      ],
      body: [
        'data: {"choices":[],"created":0,"id":"","model":"","object":"","prompt_filter_results":[{"prompt_index":0,"content_filter_results":{"hate":{"filtered":false,"severity":"safe"},"self_harm":{"filtered":false,"severity":"safe"},"sexual":{"filtered":false,"severity":"safe"},"violence":{"filtered":false,"severity":"safe"}}}]}\n\ndata: {"choices":[{"content_filter_results":{},"delta":{"content":"","refusal":null,"role":"assistant"},"finish_reason":null,"index":0,"logprobs":null}],"created":1732000000,"id":"chatcmpl-A","model":"gpt-4o-2024-08-06","object":"chat.completion.chunk","system_fingerprint":"fp_x"}\n\ndata: {"choices":[{"content_filter_results":{"error":{"code":"content_filter_error","message":"The contents are not filtered"}},"delta":{"content":"Hello"},"finish_reason":null,"index":0,"logprobs":null}],"created":1732000000,"id":"chatcmpl-A","model":"gpt-4o-2024-08-06","object":"chat.completion.chunk","system_fingerprint":"fp_x"}\n\ndata: {"choices":[{"content_filter_results":{},"delta":{},"finish_reason":"stop","index":0,"logprobs":null}],"created":1732000000,"id":"chatcmpl-A","model":"gpt-4o-2024-08-06","object":"chat.completion.chunk","system_fingerprint":"fp_x"}\n\ndata: [DONE]\n\n',
      ],
      end: 'end',
    },
    expected: { outcome: 'answer', text: 'Hello', rawFinishReason: 'stop' },
  },
  {
    id: 'azure-20',
    name: 'Prompt blocked: 400 content_filter with innererror.content_filter_result',
    source: 'azure-rest-api-specs issues 24904, 26884 and 30810',
    isStreamed: false,
    server: {
      status: 400,
      headers: [['content-type', 'application/json']],
      body: [
        '{"error":{"message":"The response was filtered due to the prompt triggering Azure OpenAI\'s content management policy. Please modify your prompt and retry. To learn more about our content filtering policies please read our documentation: https://go.microsoft.com/fwlink/?linkid=2198766","type":null,"param":"prompt","code":"content_filter","status":400,"innererror":{"code":"ResponsibleAIPolicyViolation","content_filter_result":{"hate":{"filtered":false,"severity":"safe"},"self_harm":{"filtered":false,"severity":"safe"},"sexual":{"filtered":false,"severity":"safe"},"violence":{"filtered":false,"severity":"safe"},"jailbreak":{"filtered":true,"detected":true}}}}}',
      ],
      end: 'end',
    },
    expected: {
      outcome: 'error',
      code: 'content-filter',
      retryable: false,
      status: 400,
      fields: { categories: ['jailbreak'] },
    },
  },
  {
    id: 'azure-22',
    name: 'DeploymentNotFound',
    source: 'Azure documentation',
    isStreamed: false,
    server: {
      status: 404,
      headers: [['content-type', 'application/json']],
      body: [
        '{"error":{"code":"DeploymentNotFound","message":"The API deployment for this resource does not exist. If you created the deployment within the last 5 minutes, please wait a moment and try again."}}',
      ],
      end: 'end',
    },
    expected: { outcome: 'error', code: 'model-not-found', retryable: false, status: 404 },
  },
  {
    id: 'azure-25',
    name: '429 with Retry-After seconds',
    source: 'openai-python issues about Azure',
    isStreamed: false,
    server: {
      status: 429,
      headers: [
        ['content-type', 'application/json'],
        ['retry-after', '2'],
        ['x-ratelimit-remaining-requests', '0'],
      ],
      body: [
        '{"error":{"code":"429","message":"Requests to the ChatCompletions_Create Operation under Azure OpenAI API version 2024-10-21 have exceeded token rate limit of your current OpenAI S0 pricing tier. Please retry after 2 seconds."}}',
      ],
      end: 'end',
    },
    expected: { outcome: 'error', code: 'rate-limit', retryable: true, status: 429, retryAfterMs: 2000 },
  },
  {
    id: 'azure-27',
    name: '429 without Retry-After; x-rate-limit-reset-tokens + policy-id instead',
    source: 'openai-python #937',
    isStreamed: false,
    server: {
      status: 429,
      headers: [
        ['content-type', 'application/json'],
        ['x-rate-limit-reset-tokens', '5'],
        ['policy-id', 'DeploymentRatelimit-Token'],
      ],
      body: ['{"error":{"code":"429","message":"Rate limit is exceeded. Try again in 5 seconds."}}'],
      end: 'end',
    },
    expected: { outcome: 'error', code: 'rate-limit', retryable: true, status: 429, retryAfterMs: 5000 },
  },
  {
    id: 'azure-30',
    name: 'Context length: code context_length_exceeded',
    source: 'openai-python issues about Azure',
    isStreamed: false,
    server: {
      status: 400,
      headers: [['content-type', 'application/json']],
      body: [
        '{"error":{"message":"This model\'s maximum context length is 4097 tokens. However, your messages resulted in 5000 tokens. Please reduce the length of the messages.","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}',
      ],
      end: 'end',
    },
    expected: {
      outcome: 'error',
      code: 'context-length',
      retryable: false,
      status: 400,
      fields: { maxModelLength: 4097, requestedTokens: 5000 },
    },
  },
  {
    id: 'azure-36',
    name: 'x-ratelimit-* of -1 mean unknown, not exhausted',
    source: 'openai-dotnet #838',
    isStreamed: false,
    server: {
      status: 200,
      headers: [
        ['content-type', 'application/json'],
        ['x-ratelimit-remaining-requests', '-1'],
        ['x-ratelimit-remaining-tokens', '-1'],
      ],
      body: [
        '{"id":"x","object":"chat.completion","created":1732000000,"model":"gpt-4o","choices":[{"index":0,"message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}]}',
      ],
      end: 'end',
    },
    expected: { outcome: 'answer', text: 'Hello', rawFinishReason: 'stop' },
  },
  {
    id: 'azure-block-without-delta',
    name: 'The filter stops the answer in a chunk without a delta',
    source: 'Content streaming, asynchronous filter',
    isStreamed: true,
    server: {
      status: 200,
      headers: [['content-type', 'text/event-stream; charset=utf-8']],
      body: [
        'data: {"choices":[{"content_filter_results":{"hate":{"filtered":false,"severity":"safe"}},"delta":{"content":"Hello"},"finish_reason":null,"index":0}],"id":"c","model":"gpt-4o"}\n\ndata: {"id":"","object":"","created":0,"model":"","choices":[{"index":0,"finish_reason":"content_filter","content_filter_results":{"violence":{"filtered":true,"severity":"high"}},"content_filter_offsets":{"check_offset":1,"start_offset":1,"end_offset":5}}]}\n\ndata: [DONE]\n\n',
      ],
      end: 'end',
    },
    expected: { outcome: 'answer', text: 'Hello', rawFinishReason: 'content_filter' },
  },
  {
    id: 'azure-block-after-stop',
    name: 'The filter takes back an answer that had stopped by itself',
    source: 'Content streaming, asynchronous filter',
    isStreamed: true,
    server: {
      status: 200,
      headers: [['content-type', 'text/event-stream; charset=utf-8']],
      body: [
        'data: {"choices":[{"content_filter_results":{"hate":{"filtered":false,"severity":"safe"}},"delta":{"content":"Hello"},"finish_reason":null,"index":0}],"id":"c","model":"gpt-4o"}\n\ndata: {"choices":[{"delta":{},"finish_reason":"stop","index":0}],"id":"c","model":"gpt-4o"}\n\ndata: {"id":"","object":"","created":0,"model":"","choices":[{"index":0,"finish_reason":"content_filter","content_filter_results":{"hate":{"filtered":true,"severity":"high"}}}]}\n\ndata: [DONE]\n\n',
      ],
      end: 'end',
    },
    expected: { outcome: 'answer', text: 'Hello', rawFinishReason: 'content_filter' },
  },
  {
    id: 'azure-rate-limit-in-stream',
    name: 'A rate limit inside an answer with status 200',
    source: 'openai-node, errors inside a stream',
    isStreamed: true,
    server: {
      status: 200,
      headers: [['content-type', 'text/event-stream; charset=utf-8']],
      body: ['data: {"error":{"code":"429","message":"Rate limit is exceeded. Try again in 3 seconds."}}\n\n'],
      end: 'end',
    },
    expected: { outcome: 'error', code: 'rate-limit', retryable: true, retryAfterMs: 3_000 },
  },
  {
    id: 'azure-obfuscation',
    name: 'Chunks with members of random length, and usage at the end',
    source: 'OpenAI specification 2.3.0, stream_options.include_obfuscation',
    isStreamed: true,
    server: {
      status: 200,
      headers: [['content-type', 'text/event-stream; charset=utf-8']],
      body: [
        'data: {"choices":[{"delta":{"content":"Hel"},"finish_reason":null,"index":0}],"id":"c","model":"gpt-4o","obfuscation":"a8X","usage":null}\n\ndata: {"choices":[{"delta":{"content":"lo"},"finish_reason":null,"index":0}],"id":"c","model":"gpt-4o","obfuscation":"","usage":null}\n\ndata: {"choices":[{"delta":{},"finish_reason":"stop","index":0}],"id":"c","model":"gpt-4o","obfuscation":"Qm","usage":null}\n\ndata: {"choices":[],"id":"c","model":"gpt-4o","obfuscation":"","usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}\n\ndata: [DONE]\n\n',
      ],
      end: 'end',
    },
    expected: {
      outcome: 'answer',
      text: 'Hello',
      rawFinishReason: 'stop',
      usage: { inputTokens: 3, outputTokens: 2, totalTokens: 5 },
    },
  },
]
