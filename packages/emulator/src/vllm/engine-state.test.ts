import { expect, onTestFinished, test } from 'vitest'
import { startEmulator } from '../start-emulator.js'
import type { VllmEmulatorOptions } from './vllm-emulator-options.js'

async function start(options: Partial<VllmEmulatorOptions>) {
  const emulator = await startEmulator({ platform: 'vllm', speed: 0, ...options })
  onTestFinished(() => emulator.close())
  const complete = (body: object, headers: Record<string, string> = {}) =>
    fetch(`${emulator.baseUrl}/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ model: 'mistralai/Mistral-7B-Instruct-v0.3', prompt: 'a b c', max_tokens: 4, ...body }),
    })
  const metric = (name: string) => {
    const line = emulator
      .metrics()
      .split('\n')
      .find((text) => text.startsWith(`vllm:${name}{`))
    return line === undefined ? undefined : Number(line.slice(line.lastIndexOf(' ')))
  }
  return { complete, metric }
}

const prompt = `${'word '.repeat(200)};`

test('a repeated prompt is a hit in the prefix cache, and so is the answer in the next turn', async () => {
  const { complete, metric } = await start({})
  const first = await complete({ prompt, max_tokens: 100, ignore_eos: true }).then((response) => response.json())
  expect(metric('prefix_cache_hits_total')).toBe(0)
  const queries = metric('prefix_cache_queries_total') ?? 0
  expect(queries).toBeGreaterThan(200)
  await (await complete({ prompt })).text()
  const hits = metric('prefix_cache_hits_total') ?? 0
  expect(hits).toBeGreaterThan(queries - 17)
  expect(metric('gpu_prefix_cache_hits_total')).toBe(hits)
  await (await complete({ prompt: prompt + first.choices[0].text })).text()
  expect((metric('prefix_cache_hits_total') ?? 0) - hits).toBeGreaterThan(queries)
})

test('the names of the cache metrics follow the version', async () => {
  const oldest = await start({ version: '0.6.4' })
  expect(oldest.metric('gpu_prefix_cache_hit_rate')).toBe(-1)
  expect(oldest.metric('prefix_cache_queries_total')).toBeUndefined()
  const cached = await start({ version: '0.6.4', enablePrefixCaching: true })
  for (let time = 0; time < 2; time += 1) await (await cached.complete({ prompt })).text()
  expect(cached.metric('gpu_prefix_cache_hit_rate')).toBeGreaterThan(0.4)
  const newest = await start({ version: '0.12.0' })
  expect(newest.metric('prefix_cache_queries_total')).toBe(0)
  expect(newest.metric('gpu_prefix_cache_queries_total')).toBeUndefined()
})

test('a cache that is too small for all makes some of them start again', async () => {
  // The smallest share at which the server still starts with so short a context.
  const { complete, metric } = await start({
    machine: 'a2-highgpu-1g',
    gpuMemoryUtilization: 0.41,
    maxModelLength: 2000,
    enablePrefixCaching: false,
  })
  const answers = await Promise.all(
    Array.from({ length: 12 }, () => complete({ max_tokens: 1900, ignore_eos: true }).then((answer) => answer.json())),
  )
  for (const { usage } of answers) expect(usage.completion_tokens).toBe(1900)
  expect(metric('num_preemptions_total')).toBeGreaterThan(0)
  expect(metric('num_requests_running')).toBe(0)
  expect(metric('kv_cache_usage_perc')).toBe(0)
})

test('with priorities, the lower value is answered first', async () => {
  const { complete } = await start({ schedulingPolicy: 'priority', maxNumSeqs: 1, speed: 50 })
  const order: number[] = []
  const ask = async (priority: number) => {
    await (await complete({ priority, max_tokens: 40, ignore_eos: true })).text()
    order.push(priority)
  }
  const first = ask(0)
  await new Promise((resolve) => setTimeout(resolve, 5))
  await Promise.all([first, ask(5), ask(-5)])
  expect(order.indexOf(-5)).toBeLessThan(order.indexOf(5))
})

test('the load of the server comes in a header when it is asked for, from 0.12.0 on', async () => {
  const { complete } = await start({ version: '0.12.0' })
  const load = async (body: object, headers: Record<string, string>) => {
    const response = await complete(body, headers)
    await response.text()
    return response.headers.get('endpoint-load-metrics')
  }
  const format = (name: string) => ({ 'endpoint-load-metrics-format': name })
  expect(await load({}, format('TEXT'))).toBe(
    'TEXT named_metrics.kv_cache_usage_perc=0.0, named_metrics.num_requests_waiting=0.0',
  )
  expect(await load({ stream: true }, format('json'))).toBe(
    'JSON {"named_metrics": {"kv_cache_usage_perc": 0.0, "num_requests_waiting": 0.0}}',
  )
  expect(await load({}, format('BIN'))).toBeNull()
  expect(await load({}, {})).toBeNull()
  const older = await start({ version: '0.11.0' })
  expect((await older.complete({}, format('TEXT'))).headers.has('endpoint-load-metrics')).toBe(false)
})
