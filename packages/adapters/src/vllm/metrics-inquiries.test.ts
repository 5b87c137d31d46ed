import { describe, expect, it } from 'vitest'
import type { AdapterCall } from '../adapter.js'
import type { ServerReport } from '../server-report.js'
import { openCall } from '../testing/run-stream.js'
import { MetricsInquiries } from './metrics-inquiries.js'

const metrics = 'vllm:num_requests_waiting{model_name="m"} 7.0\nvllm:gpu_cache_usage_perc{model_name="m"} 0.5\n'

/** A server's metrics, and calls that hear of them. */
function watch(answer: () => Promise<string>) {
  const asked: number[] = []
  const reports: ServerReport[] = []
  const time = { now: 0 }
  const inquiries = new MetricsInquiries(
    () => {
      asked.push(time.now)
      return answer()
    },
    () => time.now,
  )
  const call: AdapterCall = { ...openCall(), onServerReport: (report) => void reports.push(report) }
  const inquire = async (ms: number) => {
    time.now += ms
    const inquiry = inquiries.inquire(call)
    await new Promise<void>((resolve) => void setImmediate(resolve))
    return inquiry
  }
  return { asked, reports, inquire }
}

describe('MetricsInquiries', () => {
  it('asks for metrics once a second, after the first whole answer that did not tell the load', async () => {
    const { asked, reports, inquire } = watch(() => Promise.resolve(metrics))
    const first = await inquire(0)
    await inquire(250)
    expect(asked).toEqual([])
    first.answered()
    for (let count = 0; count < 9; count++) await inquire(250)
    expect(asked).toEqual([500, 1_500, 2_500])
    expect(reports).toEqual(Array(3).fill({ load: { waitingRequests: 7, kvCacheUsage: 0.5 } }))
  })

  it('asks nothing of a server that tells its load in the head of its answers', async () => {
    const { asked, reports, inquire } = watch(() => Promise.resolve(metrics))
    const first = await inquire(0)
    first.onServerReport?.({ load: { waitingRequests: 3 } })
    first.answered()
    await inquire(1_000)
    expect(asked).toEqual([])
    expect(reports).toEqual([{ load: { waitingRequests: 3 } }])
  })

  it.each<[string, () => Promise<string>]>([
    ['fails', () => Promise.reject(new Error('404'))],
    ['is something else', () => Promise.resolve('<html></html>')],
  ])('waits a minute where the page %s', async (_what, answer) => {
    const { asked, reports, inquire } = watch(answer)
    const first = await inquire(0)
    first.answered()
    for (let count = 0; count < 100; count++) await inquire(1_000)
    expect(asked).toEqual([1_000, 61_000])
    expect(reports).toEqual([])
  })

  it('asks one question at a time, and a listener that throws costs nothing', async () => {
    let answer: (body: string) => void = () => {}
    const asked: number[] = []
    const inquiries = new MetricsInquiries(() => {
      asked.push(asked.length)
      return new Promise<string>((resolve) => {
        answer = resolve
      })
    })
    const call: AdapterCall = {
      ...openCall(),
      onServerReport: () => {
        throw new Error('mine')
      },
    }
    inquiries.inquire(call).answered()
    for (let count = 0; count < 3; count++) inquiries.inquire(call)
    expect(asked).toHaveLength(1)
    answer(metrics)
    await new Promise<void>((resolve) => void setImmediate(resolve))
  })
})
