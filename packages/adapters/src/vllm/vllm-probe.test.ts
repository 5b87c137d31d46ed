import { startEmulator } from '@duo-models/emulator'
import { describe, expect, it } from 'vitest'
import { jsonAnswer, responseHead, startByteServer } from '../testing/byte-server.js'
import { errorOf } from '../testing/run-stream.js'
import { readVllmMetrics } from './vllm-metrics.js'
import { vllmProbe } from './vllm-probe.js'

const context = { connectTimeoutMs: 2_000, maxConnections: 8 }
const target = (endpoint: string, more: object = {}) => ({
  deployment: 'code',
  model: 'mistral-small',
  servedModelName: 'served',
  endpoint,
  settings: {},
  ...more,
})

describe('vllmProbe', () => {
  it.each(['0.6.4.post1', '0.10.0', '0.10.1', '0.11.0', '0.12.0'])('reads all that vLLM %s says', async (version) => {
    const options = { platform: 'vllm', version, servedModelName: 'served', apiKey: 'k3y-long', speed: 0 } as const
    const emulator = await startEmulator({ ...options, maxModelLength: 4096 })
    await fetch(`${emulator.baseUrl}/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer k3y-long' },
      body: JSON.stringify({ model: 'served', prompt: 'Hello', max_tokens: 4 }),
    })
    const found = await vllmProbe(target(emulator.baseUrl, { apiKey: 'k3y-long' }), context)
    expect(found).toMatchObject({
      isReachable: true,
      isAuthorised: true,
      isHealthy: true,
      version,
      isModelServed: true,
      maxModelLength: 4096,
      metrics: { runningRequests: 0, waitingRequests: 0, outputTokens: expect.any(Number) },
      problems: [],
    })
    expect(found.metrics).toHaveProperty('kvCacheUsage')
    expect(found.metrics).toHaveProperty('timeToFirstTokenMs')
    await emulator.close()
  })

  it('says that the key is wrong', async () => {
    const emulator = await startEmulator({ platform: 'vllm', servedModelName: 'served', apiKey: 'right-key' })
    const found = await vllmProbe(target(emulator.baseUrl, { apiKey: 'wrong-key' }), context)
    expect(found).toMatchObject({ isReachable: true, isAuthorised: false, isHealthy: true })
    expect(found.problems).toMatchObject([{ code: 'authentication', deployment: 'code' }])
    expect(JSON.stringify(found)).not.toContain('wrong-key')
    await emulator.close()
  })

  it('says that the model has another name', async () => {
    const emulator = await startEmulator({ platform: 'vllm', servedModelName: 'another' })
    const found = await vllmProbe(target(emulator.baseUrl), context)
    expect(found).toMatchObject({ isModelServed: false, models: [{ id: 'another' }], problems: [] })
    await emulator.close()
  })

  it('says that nobody is there', async () => {
    const server = await startByteServer(() => undefined)
    await server.close()
    const found = await vllmProbe(target(`${server.origin}/v1`), context)
    expect(found).toMatchObject({ isReachable: false })
    expect(found.problems.map(({ code }) => code)).toEqual(['connection', 'connection', 'connection', 'connection'])
    expect(found).not.toHaveProperty('isAuthorised')
  })

  it('settles although nobody answers', async () => {
    const server = await startByteServer(() => undefined)
    const found = await vllmProbe(target(`${server.origin}/v1`), context, { timeoutMs: 50 })
    expect(found.isReachable).toBe(false)
    expect(found.problems[0]).toMatchObject({ code: 'timeout', timeoutMs: 50 })
    await expect.poll(() => server.connections.open).toBe(0)
    await server.close()
  })

  it('is aborted by its signal', async () => {
    const server = await startByteServer(() => undefined)
    const controller = new AbortController()
    const probe = errorOf(vllmProbe(target(`${server.origin}/v1`), context, { signal: controller.signal }))
    await expect.poll(() => server.requests.length).toBe(4)
    controller.abort(new Error('enough'))
    expect(await probe).toMatchObject({ code: 'aborted' })
    await server.close()
  })

  it('takes a dead engine, a hidden route and a web page for what they are', async () => {
    const answers: Record<string, string> = {
      '/health': responseHead(503, [['content-length', '0']]),
      '/version': jsonAnswer(200, '<html>login</html>'),
      '/v1/models': jsonAnswer(
        200,
        '{"object":"list","data":[{"id":"served","max_model_len":32768},{"id":"my-lora","parent":"served","max_model_len":null},7]}',
      ),
      '/metrics': jsonAnswer(404, '{"detail":"Not Found"}'),
    }
    const server = await startByteServer((socket, { head }) => socket.write(answers[head.split(' ')[1] ?? ''] ?? ''))
    const found = await vllmProbe(target(`${server.origin}/v1`), context)
    expect(found).toMatchObject({
      isReachable: true,
      isHealthy: false,
      models: [
        { id: 'served', maxModelLength: 32_768 },
        { id: 'my-lora', parent: 'served' },
      ],
      isModelServed: true,
    })
    expect(found).not.toHaveProperty('version')
    expect(found.problems.map(({ code }) => code).sort()).toEqual(['not-found', 'overloaded', 'protocol'])
    await server.close()
  })
})

describe('readVllmMetrics', () => {
  it('reads the names of today, over several engines', () => {
    const text = `# HELP vllm:num_requests_running Number of requests in model execution batches.
# TYPE vllm:num_requests_running gauge
vllm:num_requests_running{engine="0",model_name="m"} 3.0
vllm:num_requests_running{engine="1",model_name="m}"} 2.0
vllm:num_requests_waiting{engine="0",model_name="m"} 1.0
vllm:kv_cache_usage_perc{engine="0",model_name="m"} 0.25
vllm:kv_cache_usage_perc{engine="1",model_name="m"} 0.75
vllm:prefix_cache_queries_total{engine="0",model_name="m"} 100.0
vllm:prefix_cache_hits_total{engine="0",model_name="m"} 40.0
vllm:inter_token_latency_seconds_sum{model_name="m"} 2.0
vllm:inter_token_latency_seconds_count{model_name="m"} 100.0
vllm:e2e_request_latency_seconds_sum 0
vllm:e2e_request_latency_seconds_count 0
`
    expect(readVllmMetrics(text)).toEqual({
      runningRequests: 5,
      waitingRequests: 1,
      kvCacheUsage: 0.5,
      prefixCacheHitRate: 0.4,
      interTokenLatencyMs: 20,
    })
  })

  it('reads the names of 0.6.4.post1', () => {
    const text = `vllm:num_requests_running{model_name="m"} 1.0
vllm:gpu_cache_usage_perc{model_name="m"} 0.125
vllm:gpu_prefix_cache_hit_rate{model_name="m"} -1.0
vllm:time_per_output_token_seconds_sum{model_name="m"} 1.5
vllm:time_per_output_token_seconds_count{model_name="m"} 30.0
`
    expect(readVllmMetrics(text)).toEqual({ runningRequests: 1, kvCacheUsage: 0.125, interTokenLatencyMs: 50 })
  })

  it.each(['', 'vllm:num_requests_running NaN', 'vllm:num_requests_running', '<html>', '{"vllm:": 1}', 'vllm: 1'])(
    'finds nothing in %j',
    (text) => {
      expect(readVllmMetrics(text)).toEqual({})
    },
  )
})
