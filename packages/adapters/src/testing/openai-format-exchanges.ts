import type { WireExchange } from './wire-exchange.js'

/**
 * What servers of the OpenAI format send, well-behaved and not: vLLM since 0.6.4, and what stands in front of it. The
 * bytes were written after the sources named with each; those that come from other projects' tests restate what the tests
 * of vLLM (Apache-2.0), openai-node (Apache-2.0), eventsource-parser (MIT) and web-platform-tests (BSD-3-Clause) demand.
 */
export const openAIFormatExchanges: readonly WireExchange[] = [
  {
    id: 'sse-01',
    name: 'Plain LF framing, role chunk, finish chunk carrying text, [DONE]',
    source: 'vLLM a6221a144a serving_chat.py; issues #35705/#36944',
    isStreamed: true,
    server: {
      status: 200,
      headers: [['content-type', 'text/event-stream; charset=utf-8']],
      body: [
        'data: {"id":"chatcmpl-0af1","object":"chat.completion.chunk","created":1732000000,"model":"mistralai/Mistral-7B-Instruct-v0.2","choices":[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}]}\n\ndata: {"id":"chatcmpl-0af1","object":"chat.completion.chunk","created":1732000000,"model":"mistralai/Mistral-7B-Instruct-v0.2","choices":[{"index":0,"delta":{"content":"Hel"},"logprobs":null,"finish_reason":null}]}\n\ndata: {"id":"chatcmpl-0af1","object":"chat.completion.chunk","created":1732000000,"model":"mistralai/Mistral-7B-Instruct-v0.2","choices":[{"index":0,"delta":{"content":"lo"},"logprobs":null,"finish_reason":"stop","stop_reason":null}]}\n\ndata: [DONE]\n\n',
      ],
      end: 'end',
    },
    expected: {
      outcome: 'answer',
      text: 'Hello',
      rawFinishReason: 'stop',
    },
  },
  {
    id: 'sse-03',
    name: 'CR-only line endings',
    source: 'WHATWG HTML 9.2.6 (event stream interpretation)',
    isStreamed: true,
    server: {
      status: 200,
      headers: [['content-type', 'text/event-stream; charset=utf-8']],
      body: [
        'data: {"id":"chatcmpl-0af1","object":"chat.completion.chunk","created":1732000000,"model":"mistralai/Mistral-7B-Instruct-v0.2","choices":[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}]}\r\rdata: {"id":"chatcmpl-0af1","object":"chat.completion.chunk","created":1732000000,"model":"mistralai/Mistral-7B-Instruct-v0.2","choices":[{"index":0,"delta":{"content":"Hel"},"logprobs":null,"finish_reason":null}]}\r\rdata: {"id":"chatcmpl-0af1","object":"chat.completion.chunk","created":1732000000,"model":"mistralai/Mistral-7B-Instruct-v0.2","choices":[{"index":0,"delta":{"content":"lo"},"logprobs":null,"finish_reason":"stop","stop_reason":null}]}\r\rdata: [DONE]\r\r',
      ],
      end: 'end',
    },
    expected: {
      outcome: 'answer',
      text: 'Hello',
      rawFinishReason: 'stop',
    },
  },
  {
    id: 'sse-06',
    name: 'Comment lines used as keep-alive before, between and inside events',
    source: 'WPT eventsource/format-comments',
    isStreamed: true,
    server: {
      status: 200,
      headers: [['content-type', 'text/event-stream; charset=utf-8']],
      body: [
        ': open\n\ndata: {"id":"chatcmpl-0af1","object":"chat.completion.chunk","created":1732000000,"model":"mistralai/Mistral-7B-Instruct-v0.2","choices":[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}]}\n\n: ping\n\n:\ndata: {"id":"chatcmpl-0af1","object":"chat.completion.chunk","created":1732000000,"model":"mistralai/Mistral-7B-Instruct-v0.2","choices":[{"index":0,"delta":{"content":"Hel"},"logprobs":null,"finish_reason":null}]}\n\n: x\ndata: {"id":"chatcmpl-0af1","object":"chat.completion.chunk","created":1732000000,"model":"mistralai/Mistral-7B-Instruct-v0.2","choices":[{"index":0,"delta":{"content":"lo"},"logprobs":null,"finish_reason":"stop","stop_reason":null}]}\n\ndata: [DONE]\n\n',
      ],
      end: 'end',
    },
    expected: {
      outcome: 'answer',
      text: 'Hello',
      rawFinishReason: 'stop',
    },
  },
  {
    id: 'sse-08',
    name: 'One event over several data: lines (joined with LF)',
    source: 'WHATWG HTML 9.2.6 (event stream interpretation)',
    isStreamed: true,
    server: {
      status: 200,
      headers: [['content-type', 'text/event-stream; charset=utf-8']],
      body: [
        'data: {"id":"x","object":"chat.completion.chunk","created":1,"model":"m",\ndata: "choices":[{"index":0,"delta":{"content":"Hello"},\ndata: "finish_reason":"stop"}]}\n\ndata: [DONE]\n\n',
      ],
      end: 'end',
    },
    expected: {
      outcome: 'answer',
      text: 'Hello',
      rawFinishReason: 'stop',
    },
  },
  {
    id: 'sse-11',
    name: '4-byte character split 1+3 and 3+1 across chunks',
    source: 'rexxars/eventsource-parser test/multibyte.ts',
    isStreamed: true,
    server: {
      status: 200,
      headers: [['content-type', 'text/event-stream; charset=utf-8']],
      body: [
        {
          hex: '646174613a207b226964223a2263686174636d706c2d30616631222c226f626a656374223a22636861742e636f6d706c6574696f6e2e6368756e6b222c2263726561746564223a313733323030303030302c226d6f64656c223a226d69737472616c61692f4d69737472616c2d37422d496e7374727563742d76302e32222c2263686f69636573223a5b7b22696e646578223a302c2264656c7461223a7b22636f6e74656e74223a2261f0',
        },
        {
          hex: '9f988062f09f98',
        },
        {
          hex: '8063227d2c226c6f6770726f6273223a6e756c6c2c2266696e6973685f726561736f6e223a6e756c6c7d5d7d0a0a646174613a207b226964223a2263686174636d706c2d30616631222c226f626a656374223a22636861742e636f6d706c6574696f6e2e6368756e6b222c2263726561746564223a313733323030303030302c226d6f64656c223a226d69737472616c61692f4d69737472616c2d37422d496e7374727563742d76302e32222c2263686f69636573223a5b7b22696e646578223a302c2264656c7461223a7b22636f6e74656e74223a22227d2c226c6f6770726f6273223a6e756c6c2c2266696e6973685f726561736f6e223a2273746f70222c2273746f705f726561736f6e223a6e756c6c7d5d7d0a0a646174613a205b444f4e455d0a0a',
        },
      ],
      end: 'end',
    },
    expected: {
      outcome: 'answer',
      text: 'a😀b😀c',
      rawFinishReason: 'stop',
    },
  },
  {
    id: 'sse-13',
    name: 'Invalid UTF-8 byte inside a string becomes U+FFFD, stream continues',
    source: 'WHATWG Encoding: UTF-8 decode with replacement',
    isStreamed: true,
    server: {
      status: 200,
      headers: [['content-type', 'text/event-stream; charset=utf-8']],
      body: [
        'data: {"id":"x","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"a',
        {
          hex: 'ff',
        },
        'b"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n',
      ],
      end: 'end',
    },
    expected: {
      outcome: 'answer',
      text: 'a�b',
      rawFinishReason: 'stop',
    },
  },
  {
    id: 'sse-16',
    name: 'No [DONE] and no finish_reason, clean EOF (proxy cut)',
    source: 'observed: openai-node 7.57.0 completes silently, so the SDK must detect it',
    isStreamed: true,
    server: {
      status: 200,
      headers: [['content-type', 'text/event-stream; charset=utf-8']],
      body: [
        'data: {"id":"chatcmpl-0af1","object":"chat.completion.chunk","created":1732000000,"model":"mistralai/Mistral-7B-Instruct-v0.2","choices":[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}]}\n\ndata: {"id":"chatcmpl-0af1","object":"chat.completion.chunk","created":1732000000,"model":"mistralai/Mistral-7B-Instruct-v0.2","choices":[{"index":0,"delta":{"content":"Hel"},"logprobs":null,"finish_reason":null}]}\n\n',
      ],
      end: 'end',
    },
    expected: {
      outcome: 'error',
      code: 'stream-interrupted',
      retryable: false,
      partialText: 'Hel',
    },
  },
  {
    id: 'sse-18',
    name: 'EOF in the middle of a JSON event',
    source: 'observed: openai-node 7.57.0 throws SyntaxError',
    isStreamed: true,
    server: {
      status: 200,
      headers: [['content-type', 'text/event-stream; charset=utf-8']],
      body: [
        'data: {"id":"chatcmpl-0af1","object":"chat.completion.chunk","created":1732000000,"model":"mistralai/Mistral-7B-Instruct-v0.2","choices":[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}]}\n\ndata: {"id":"chatcmpl-0af1","object":"chat.completion.chunk","created":1732000000,"model":"mistralai/Mistral-7B-Instruct-v0.2","choices":[{"index":0,"delta":{"content":"Hel"},"logprobs":null,"finish_reason":null}]}\n\ndata: {"id":"x","choi',
      ],
      end: 'end',
    },
    expected: {
      outcome: 'error',
      code: 'stream-interrupted',
      retryable: false,
      partialText: 'Hel',
    },
  },
  {
    id: 'sse-21',
    name: 'Bytes after [DONE] are ignored and the socket is released',
    source: 'openai-node src/core/streaming.ts behaviour',
    isStreamed: true,
    server: {
      status: 200,
      headers: [['content-type', 'text/event-stream; charset=utf-8']],
      body: [
        'data: {"id":"chatcmpl-0af1","object":"chat.completion.chunk","created":1732000000,"model":"mistralai/Mistral-7B-Instruct-v0.2","choices":[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}]}\n\ndata: {"id":"chatcmpl-0af1","object":"chat.completion.chunk","created":1732000000,"model":"mistralai/Mistral-7B-Instruct-v0.2","choices":[{"index":0,"delta":{"content":"Hel"},"logprobs":null,"finish_reason":null}]}\n\ndata: {"id":"chatcmpl-0af1","object":"chat.completion.chunk","created":1732000000,"model":"mistralai/Mistral-7B-Instruct-v0.2","choices":[{"index":0,"delta":{"content":"lo"},"logprobs":null,"finish_reason":"stop","stop_reason":null}]}\n\ndata: [DONE]\n\ndata: {"id":"chatcmpl-0af1","object":"chat.completion.chunk","created":1732000000,"model":"mistralai/Mistral-7B-Instruct-v0.2","choices":[{"index":0,"delta":{"content":"LATE"},"logprobs":null,"finish_reason":null}]}\n\n',
      ],
      end: 'end',
    },
    expected: {
      outcome: 'answer',
      text: 'Hello',
      rawFinishReason: 'stop',
    },
  },
  {
    id: 'sse-23',
    name: 'stream:true answered by application/json completion (proxy without streaming)',
    source: 'failure seen in the field',
    isStreamed: true,
    server: {
      status: 200,
      headers: [['content-type', 'application/json']],
      body: [
        '{"id":"chatcmpl-0af1","object":"chat.completion","created":1732000000,"model":"mistralai/Mistral-7B-Instruct-v0.2","choices":[{"index":0,"message":{"role":"assistant","content":"Hello"},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"total_tokens":5,"completion_tokens":2}}',
      ],
      end: 'end',
    },
    expected: {
      outcome: 'answer',
      text: 'Hello',
      rawFinishReason: 'stop',
      orCode: 'protocol',
    },
  },
  {
    id: 'sse-26',
    name: 'Server goes silent after the first token (idle timeout)',
    source: 'failure seen in the field; dead engines leave sockets open',
    isStreamed: true,
    server: {
      status: 200,
      headers: [['content-type', 'text/event-stream; charset=utf-8']],
      body: [
        'data: {"id":"chatcmpl-0af1","object":"chat.completion.chunk","created":1732000000,"model":"mistralai/Mistral-7B-Instruct-v0.2","choices":[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}]}\n\ndata: {"id":"chatcmpl-0af1","object":"chat.completion.chunk","created":1732000000,"model":"mistralai/Mistral-7B-Instruct-v0.2","choices":[{"index":0,"delta":{"content":"Hel"},"logprobs":null,"finish_reason":null}]}\n\n',
      ],
      end: 'silence',
    },
    expected: {
      outcome: 'abort',
      partialText: 'Hel',
    },
  },
  {
    id: 'vllm-01',
    name: 'stream_options.include_usage: last data chunk has choices [] and usage',
    source: 'vLLM a6221a144a serving_chat.py; openai-node issue #1015 family',
    isStreamed: true,
    server: {
      status: 200,
      headers: [['content-type', 'text/event-stream; charset=utf-8']],
      body: [
        'data: {"id":"chatcmpl-0af1","object":"chat.completion.chunk","created":1732000000,"model":"mistralai/Mistral-7B-Instruct-v0.2","choices":[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}]}\n\ndata: {"id":"chatcmpl-0af1","object":"chat.completion.chunk","created":1732000000,"model":"mistralai/Mistral-7B-Instruct-v0.2","choices":[{"index":0,"delta":{"content":"Hel"},"logprobs":null,"finish_reason":null}]}\n\ndata: {"id":"chatcmpl-0af1","object":"chat.completion.chunk","created":1732000000,"model":"mistralai/Mistral-7B-Instruct-v0.2","choices":[{"index":0,"delta":{"content":"lo"},"logprobs":null,"finish_reason":"stop","stop_reason":null}]}\n\ndata: {"id":"chatcmpl-0af1","object":"chat.completion.chunk","created":1732000000,"model":"mistralai/Mistral-7B-Instruct-v0.2","choices":[],"usage":{"prompt_tokens":9,"total_tokens":11,"completion_tokens":2}}\n\ndata: [DONE]\n\n',
      ],
      end: 'end',
    },
    expected: {
      outcome: 'answer',
      text: 'Hello',
      rawFinishReason: 'stop',
      usage: {
        inputTokens: 9,
        outputTokens: 2,
        totalTokens: 11,
      },
    },
  },
  {
    id: 'vllm-03',
    name: 'n=2 interleaved choices',
    source: 'vLLM serving_chat.py',
    isStreamed: true,
    server: {
      status: 200,
      headers: [['content-type', 'text/event-stream; charset=utf-8']],
      body: [
        'data: {"id":"chatcmpl-0af1","object":"chat.completion.chunk","created":1732000000,"model":"mistralai/Mistral-7B-Instruct-v0.2","choices":[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}]}\n\ndata: {"id":"chatcmpl-0af1","object":"chat.completion.chunk","created":1732000000,"model":"mistralai/Mistral-7B-Instruct-v0.2","choices":[{"index":1,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}]}\n\ndata: {"id":"chatcmpl-0af1","object":"chat.completion.chunk","created":1732000000,"model":"mistralai/Mistral-7B-Instruct-v0.2","choices":[{"index":0,"delta":{"content":"A1"},"logprobs":null,"finish_reason":null}]}\n\ndata: {"id":"chatcmpl-0af1","object":"chat.completion.chunk","created":1732000000,"model":"mistralai/Mistral-7B-Instruct-v0.2","choices":[{"index":1,"delta":{"content":"B1"},"logprobs":null,"finish_reason":null}]}\n\ndata: {"id":"chatcmpl-0af1","object":"chat.completion.chunk","created":1732000000,"model":"mistralai/Mistral-7B-Instruct-v0.2","choices":[{"index":1,"delta":{"content":"B2"},"logprobs":null,"finish_reason":"length","stop_reason":null}]}\n\ndata: {"id":"chatcmpl-0af1","object":"chat.completion.chunk","created":1732000000,"model":"mistralai/Mistral-7B-Instruct-v0.2","choices":[{"index":0,"delta":{"content":"A2"},"logprobs":null,"finish_reason":"stop","stop_reason":null}]}\n\ndata: [DONE]\n\n',
      ],
      end: 'end',
    },
    expected: {
      outcome: 'answer',
      text: 'A1A2',
      rawFinishReason: 'stop',
    },
  },
  {
    id: 'vllm-06',
    name: 'stop_reason as an integer token id',
    source: 'vLLM protocol.py',
    isStreamed: true,
    server: {
      status: 200,
      headers: [['content-type', 'text/event-stream; charset=utf-8']],
      body: [
        'data: {"id":"chatcmpl-0af1","object":"chat.completion.chunk","created":1732000000,"model":"mistralai/Mistral-7B-Instruct-v0.2","choices":[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}]}\n\ndata: {"id":"chatcmpl-0af1","object":"chat.completion.chunk","created":1732000000,"model":"mistralai/Mistral-7B-Instruct-v0.2","choices":[{"index":0,"delta":{"content":"Hi"},"logprobs":null,"finish_reason":"stop","stop_reason":2}]}\n\ndata: [DONE]\n\n',
      ],
      end: 'end',
    },
    expected: {
      outcome: 'answer',
      text: 'Hi',
      rawFinishReason: 'stop',
    },
  },
  {
    id: 'vllm-08',
    name: "Mid-stream error, old shape (0.6.4): error object has object:'error' and BadRequestError",
    source: 'vLLM a6221a144a create_streaming_error_response',
    isStreamed: true,
    server: {
      status: 200,
      headers: [['content-type', 'text/event-stream; charset=utf-8']],
      body: [
        'data: {"id":"chatcmpl-0af1","object":"chat.completion.chunk","created":1732000000,"model":"mistralai/Mistral-7B-Instruct-v0.2","choices":[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}]}\n\ndata: {"error": {"object": "error", "message": "bad value", "type": "BadRequestError", "param": null, "code": 400}}\n\ndata: [DONE]\n\n',
      ],
      end: 'end',
    },
    expected: {
      outcome: 'error',
      code: 'invalid-request',
      retryable: false,
    },
  },
  {
    id: 'vllm-11',
    name: 'Tool-call deltas: every delta carries its own id in 0.6.4; join by index',
    source: 'vLLM a6221a144a DeltaToolCall',
    isStreamed: true,
    server: {
      status: 200,
      headers: [['content-type', 'text/event-stream; charset=utf-8']],
      body: [
        'data: {"id":"chatcmpl-0af1","object":"chat.completion.chunk","created":1732000000,"model":"mistralai/Mistral-7B-Instruct-v0.2","choices":[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}]}\n\ndata: {"id":"chatcmpl-0af1","object":"chat.completion.chunk","created":1732000000,"model":"mistralai/Mistral-7B-Instruct-v0.2","choices":[{"index":0,"delta":{"tool_calls":[{"id":"chatcmpl-tool-1","type":"function","index":0,"function":{"name":"get_weather"}}]},"logprobs":null,"finish_reason":null}]}\n\ndata: {"id":"chatcmpl-0af1","object":"chat.completion.chunk","created":1732000000,"model":"mistralai/Mistral-7B-Instruct-v0.2","choices":[{"index":0,"delta":{"tool_calls":[{"id":"chatcmpl-tool-2","type":"function","index":0,"function":{"arguments":"{\\"city\\":"}}]},"logprobs":null,"finish_reason":null}]}\n\ndata: {"id":"chatcmpl-0af1","object":"chat.completion.chunk","created":1732000000,"model":"mistralai/Mistral-7B-Instruct-v0.2","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":" \\"Paris\\"}"}}]},"logprobs":null,"finish_reason":"tool_calls","stop_reason":null}]}\n\ndata: [DONE]\n\n',
      ],
      end: 'end',
    },
    expected: {
      outcome: 'answer',
      text: '',
      rawFinishReason: 'tool_calls',
      toolCalls: [
        {
          id: 'chatcmpl-tool-1',
          name: 'get_weather',
          arguments: '{"city": "Paris"}',
        },
      ],
    },
  },
  {
    id: 'vllm-20',
    name: 'Context length, flat body (<= 0.10.0)',
    source: 'vLLM a6221a144a serving_engine.py',
    isStreamed: false,
    server: {
      status: 400,
      headers: [['content-type', 'application/json']],
      body: [
        '{"object":"error","message":"This model\'s maximum context length is 32768 tokens. However, you requested 40000 tokens (39000 in the messages, 1000 in the completion). Please reduce the length of the messages or completion.","type":"BadRequestError","param":null,"code":400}',
      ],
      end: 'end',
    },
    expected: {
      outcome: 'error',
      code: 'context-length',
      retryable: false,
      status: 400,
      fields: {
        maxModelLength: 32768,
        requestedTokens: 40000,
      },
    },
  },
  {
    id: 'vllm-22',
    name: 'Unknown field rejected by 0.6.4.post1',
    source: 'vLLM #4355, relaxed by #10463 (v0.6.5)',
    isStreamed: false,
    server: {
      status: 400,
      headers: [['content-type', 'application/json']],
      body: [
        "{\"object\":\"error\",\"message\":\"[{'type': 'extra_forbidden', 'loc': ('body', 'structured_outputs'), 'msg': 'Extra inputs are not permitted', 'input': {'regex': 'a+'}}]\",\"type\":\"BadRequestError\",\"param\":null,\"code\":400}",
      ],
      end: 'end',
    },
    expected: {
      outcome: 'error',
      code: 'unsupported-parameter',
      retryable: false,
      status: 400,
      fields: {
        parameter: 'structured_outputs',
      },
    },
  },
  {
    id: 'vllm-25',
    name: 'Bad API key: error is a string, not an object',
    source: 'vLLM all versions, authentication middleware',
    isStreamed: false,
    server: {
      status: 401,
      headers: [['content-type', 'application/json']],
      body: ['{"error":"Unauthorized"}'],
      end: 'end',
    },
    expected: {
      outcome: 'error',
      code: 'authentication',
      retryable: false,
      status: 401,
      messageContains: 'Unauthorized',
    },
  },
  {
    id: 'vllm-27',
    name: 'Engine dead, old: 500 with empty body',
    source: 'vLLM a6221a144a launcher.py',
    isStreamed: false,
    server: {
      status: 500,
      headers: [['content-length', '0']],
      body: [],
      end: 'end',
    },
    expected: {
      outcome: 'error',
      code: 'server',
      retryable: true,
      status: 500,
    },
  },
  {
    id: 'vllm-35',
    name: 'Client cancel closes the TCP connection (this is what aborts the vLLM request)',
    source: 'vLLM issues #8332, #32442',
    isStreamed: true,
    server: {
      status: 200,
      headers: [['content-type', 'text/event-stream; charset=utf-8']],
      body: [
        'data: {"id":"chatcmpl-0af1","object":"chat.completion.chunk","created":1732000000,"model":"mistralai/Mistral-7B-Instruct-v0.2","choices":[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}]}\n\ndata: {"id":"chatcmpl-0af1","object":"chat.completion.chunk","created":1732000000,"model":"mistralai/Mistral-7B-Instruct-v0.2","choices":[{"index":0,"delta":{"content":"Hel"},"logprobs":null,"finish_reason":null}]}\n\n',
      ],
      end: 'silence',
    },
    expected: {
      outcome: 'abort',
      partialText: 'Hel',
    },
  },
  {
    id: 'vllm-37',
    name: 'Nested 400 whose code is an integer, not a string',
    source: 'vLLM HEAD',
    isStreamed: false,
    server: {
      status: 400,
      headers: [['content-type', 'application/json']],
      body: [
        '{"error":{"message":"1 validation error:\\n  {\'type\': \'missing\', \'loc\': (\'body\', \'messages\'), \'msg\': \'Field required\'}","type":"Bad Request","param":"body.messages","code":400}}',
      ],
      end: 'end',
    },
    expected: {
      outcome: 'error',
      code: 'invalid-request',
      retryable: false,
      status: 400,
    },
  },
  {
    id: 'http-01',
    name: '499 (gateway saw client close) is not retried',
    source: 'observed openai-node 7.57.0: APIError, no retry',
    isStreamed: false,
    server: {
      status: 499,
      headers: [['content-type', 'application/json']],
      body: ['{"error":{"message":"client closed request","type":null,"param":null,"code":"499"}}'],
      end: 'end',
    },
    expected: {
      outcome: 'error',
      code: 'aborted',
      retryable: false,
      status: 499,
    },
  },
  {
    id: 'http-03',
    name: 'x-should-retry: false overrides 500',
    source: 'openai-node src/client.ts',
    isStreamed: false,
    server: {
      status: 500,
      headers: [
        ['content-type', 'application/json'],
        ['x-should-retry', 'false'],
      ],
      body: ['{"error":{"message":"no","type":"server_error","param":null,"code":null}}'],
      end: 'end',
    },
    expected: {
      outcome: 'error',
      code: 'server',
      retryable: false,
      status: 500,
    },
  },
  {
    id: 'http-06',
    name: 'Connection refused',
    source: 'failure seen in the field',
    isStreamed: false,
    server: 'refused',
    expected: {
      outcome: 'error',
      code: 'connection',
      retryable: true,
    },
  },
  {
    id: 'http-08',
    name: '429 insufficient_quota must not be retried',
    source: 'OpenAI error-codes guide',
    isStreamed: false,
    server: {
      status: 429,
      headers: [['content-type', 'application/json']],
      body: [
        '{"error":{"message":"You exceeded your current quota, please check your plan and billing details.","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}',
      ],
      end: 'end',
    },
    expected: {
      outcome: 'error',
      code: 'quota',
      retryable: false,
      status: 429,
    },
  },
  {
    id: 'stream-crlf',
    name: 'CRLF line ends and a byte order mark',
    source: 'WHATWG HTML 9.2.6 (event stream interpretation)',
    isStreamed: true,
    server: {
      status: 200,
      headers: [['content-type', 'text/event-stream; charset=utf-8']],
      body: [
        '\ufeffdata: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}\r\n\r\ndata: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"Hel"},"finish_reason":null}]}\r\n\r\ndata: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"lo"},"finish_reason":"stop"}]}\r\n\r\ndata: [DONE]\r\n\r\n',
      ],
      end: 'end',
    },
    expected: {
      outcome: 'answer',
      text: 'Hello',
      rawFinishReason: 'stop',
    },
  },
  {
    id: 'stream-empty-deltas',
    name: 'Deltas without text while stop strings are buffered',
    source: 'vLLM issue 13087',
    isStreamed: true,
    server: {
      status: 200,
      headers: [['content-type', 'text/event-stream; charset=utf-8']],
      body: [
        'data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}\n\ndata: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"Hel"},"finish_reason":null}]}\n\ndata: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":""},"finish_reason":null}]}\n\ndata: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{},"finish_reason":null}]}\n\ndata: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"lo"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n',
      ],
      end: 'end',
    },
    expected: {
      outcome: 'answer',
      text: 'Hello',
      rawFinishReason: 'stop',
    },
  },
  {
    id: 'stream-finish-without-done',
    name: 'A finish reason and a clean end without [DONE]',
    source: 'failure seen in the field; gateways drop the mark',
    isStreamed: true,
    server: {
      status: 200,
      headers: [['content-type', 'text/event-stream; charset=utf-8']],
      body: [
        'data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}\n\ndata: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"Hel"},"finish_reason":null}]}\n\ndata: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"lo"},"finish_reason":"stop"}]}\n\n',
      ],
      end: 'end',
    },
    expected: {
      outcome: 'answer',
      text: 'Hello',
      rawFinishReason: 'stop',
    },
  },
  {
    id: 'stream-reset',
    name: 'The connection is reset in the middle of the answer',
    source: 'vLLM issue 2694 (engine death)',
    isStreamed: true,
    server: {
      status: 200,
      headers: [['content-type', 'text/event-stream; charset=utf-8']],
      body: [
        'data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}\n\ndata: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"Hel"},"finish_reason":null}]}\n\n',
      ],
      end: 'reset',
    },
    expected: {
      outcome: 'error',
      code: 'stream-interrupted',
      retryable: false,
      partialText: 'Hel',
    },
  },
  {
    id: 'stream-error-nested',
    name: 'An error event inside a stream, nested, then [DONE]',
    source: 'vLLM 0.10.1 and newer, serving_chat.py',
    isStreamed: true,
    server: {
      status: 200,
      headers: [['content-type', 'text/event-stream; charset=utf-8']],
      body: [
        'data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}\n\ndata: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"Hel"},"finish_reason":null}]}\n\ndata: {"error": {"message": "EngineCore died", "type": "InternalServerError", "param": null, "code": 500}}\n\ndata: [DONE]\n\n',
      ],
      end: 'end',
    },
    expected: {
      outcome: 'error',
      code: 'server',
      retryable: false,
      partialText: 'Hel',
      messageContains: 'EngineCore died',
    },
  },
  {
    id: 'stream-error-flat',
    name: 'A flat error object inside a stream, as some gateways forward it',
    source: 'vLLM up to 0.10.0 behind a proxy',
    isStreamed: true,
    server: {
      status: 200,
      headers: [['content-type', 'text/event-stream; charset=utf-8']],
      body: [
        'data: {"object":"error","message":"bad input","type":"BadRequestError","param":null,"code":400}\n\ndata: [DONE]\n\n',
      ],
      end: 'end',
    },
    expected: {
      outcome: 'error',
      code: 'invalid-request',
      retryable: false,
      messageContains: 'bad input',
    },
  },
  {
    id: 'stream-server-abort',
    name: 'The server says that it aborted the answer',
    source: 'vLLM finish reason abort',
    isStreamed: true,
    server: {
      status: 200,
      headers: [['content-type', 'text/event-stream; charset=utf-8']],
      body: [
        'data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}\n\ndata: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"Hel"},"finish_reason":null}]}\n\ndata: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{},"finish_reason":"abort"}]}\n\ndata: [DONE]\n\n',
      ],
      end: 'end',
    },
    expected: {
      outcome: 'error',
      code: 'stream-interrupted',
      retryable: false,
      partialText: 'Hel',
    },
  },
  {
    id: 'stream-broken-json',
    name: 'An event that is not JSON is not skipped',
    source: 'failure seen in the field',
    isStreamed: true,
    server: {
      status: 200,
      headers: [['content-type', 'text/event-stream; charset=utf-8']],
      body: [
        'data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}\n\ndata: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"Hel"},"finish_reason":null}]}\n\ndata: {"choices":[\n\ndata: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n',
      ],
      end: 'end',
    },
    expected: {
      outcome: 'error',
      code: 'protocol',
      partialText: 'Hel',
    },
  },
  {
    id: 'stream-web-page',
    name: 'A web page with status 200 instead of a stream',
    source: 'failure seen in the field; openai-node yields no chunk and no error',
    isStreamed: true,
    server: {
      status: 200,
      headers: [['content-type', 'text/html']],
      body: ['<!doctype html><title>Sign in</title>'],
      end: 'end',
    },
    expected: {
      outcome: 'error',
      code: 'protocol',
      retryable: false,
      messageContains: 'web page',
    },
  },
  {
    id: 'answer-empty',
    name: 'Status 200 and nothing else',
    source: 'failure seen in the field',
    isStreamed: false,
    server: {
      status: 200,
      headers: [['content-type', 'application/json']],
      body: [],
      end: 'end',
    },
    expected: {
      outcome: 'error',
      code: 'protocol',
      retryable: false,
      messageContains: 'empty body',
    },
  },
  {
    id: 'answer-web-page',
    name: 'A web page with status 200 instead of an answer',
    source: 'failure seen in the field',
    isStreamed: false,
    server: {
      status: 200,
      headers: [['content-type', 'text/html']],
      body: ['<html>login</html>'],
      end: 'end',
    },
    expected: {
      outcome: 'error',
      code: 'protocol',
      retryable: false,
      messageContains: 'web page',
    },
  },
  {
    id: 'answer-error-with-200',
    name: 'An error object with status 200',
    source: 'gateways in front of vLLM',
    isStreamed: false,
    server: {
      status: 200,
      headers: [['content-type', 'application/json']],
      body: ['{"error":{"message":"no capacity","type":"overloaded_error","code":503}}'],
      end: 'end',
    },
    expected: {
      outcome: 'error',
      code: 'overloaded',
      retryable: true,
    },
  },
  {
    id: 'redirect',
    name: 'A redirect is not followed, and its target is named',
    source: 'the key would go to a place nobody configured',
    isStreamed: false,
    server: {
      status: 307,
      headers: [['location', 'https://elsewhere.example/v1/chat/completions?key=x']],
      body: [],
      end: 'end',
    },
    expected: {
      outcome: 'error',
      code: 'protocol',
      retryable: false,
      status: 307,
      messageContains: 'https://elsewhere.example',
    },
  },
  {
    id: 'compressed',
    name: 'A compressed body nobody asked for',
    source: 'proxies that compress always',
    isStreamed: false,
    server: {
      status: 200,
      headers: [
        ['content-type', 'application/json'],
        ['content-encoding', 'gzip'],
      ],
      body: [
        {
          hex: '1f8b08000000000000034bac020086a6103603000000',
        },
      ],
      end: 'end',
    },
    expected: {
      outcome: 'error',
      code: 'protocol',
      retryable: false,
      messageContains: 'gzip',
    },
  },
  {
    id: 'rate-limit',
    name: '429 with Retry-After in seconds',
    source: 'RFC 9110 section 10.2.3',
    isStreamed: false,
    server: {
      status: 429,
      headers: [
        ['content-type', 'application/json'],
        ['retry-after', '2'],
      ],
      body: ['{"error":{"message":"slow down","type":"rate_limit_error","code":429}}'],
      end: 'end',
    },
    expected: {
      outcome: 'error',
      code: 'rate-limit',
      retryable: true,
      status: 429,
      retryAfterMs: 2000,
    },
  },
  {
    id: 'overloaded',
    name: '503 with a string as its error',
    source: 'vLLM, the answer of a server that scales',
    isStreamed: false,
    server: {
      status: 503,
      headers: [['content-type', 'application/json']],
      body: ['{"error":"The model is currently scaling. Please try again later."}'],
      end: 'end',
    },
    expected: {
      outcome: 'error',
      code: 'overloaded',
      retryable: true,
      status: 503,
    },
  },
  {
    id: 'model-not-found',
    name: '404 for a model the server does not serve',
    source: 'vLLM serving_engine.py',
    isStreamed: false,
    server: {
      status: 404,
      headers: [['content-type', 'application/json']],
      body: ['{"error":{"message":"The model `x` does not exist.","type":"NotFoundError","param":"model","code":404}}'],
      end: 'end',
    },
    expected: {
      outcome: 'error',
      code: 'model-not-found',
      retryable: false,
      status: 404,
    },
  },
]
