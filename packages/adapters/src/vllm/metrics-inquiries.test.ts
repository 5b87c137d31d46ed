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
    (run) => run(),
  )
  const call: AdapterCall = { ...openCall(), onServerReport: (report) => void reports.push(report) }
  /** One more of those that are under way asks; those it is asked beside are sixteen. */
  const inquire = async (ms: number) => {
    time.now += ms
    const reportTo = inquiries.begin(call, true)
    await settled()
    inquiries.end()
    return reportTo
  }
  const others = (count: number): void => {
    for (let begun = 0; begun < count; begun++) inquiries.begin(call, false)
  }
  others(15)
  return { asked, reports, inquire, inquiries, others }
}

function settled(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve))
}

describe('MetricsInquiries', () => {
  it('asks for metrics once a second, after the first whole answer that did not tell the load', async () => {
    const { asked, reports, inquire, inquiries } = watch(() => Promise.resolve(metrics))
    await inquire(0)
    await inquire(250)
    expect(asked).toEqual([])
    inquiries.answered()
    for (let count = 0; count < 9; count++) await inquire(250)
    expect(asked).toEqual([500, 1_500, 2_500])
    expect(reports).toEqual(Array(3).fill({ load: { waitingRequests: 7, kvCacheUsage: 0.5 } }))
  })

  it('asks at a moment that has nothing to do with the request, and tells whoever began last', async () => {
    const moments: (() => void)[] = []
    const reports: number[] = []
    const inquiries = new MetricsInquiries(
      () => Promise.resolve(metrics),
      () => 0,
      (run) => void moments.push(run),
    )
    const caller = (number: number): AdapterCall => ({ ...openCall(), onServerReport: () => void reports.push(number) })
    inquiries.answered()
    for (let number = 1; number <= 20; number++) inquiries.begin(caller(number), true)
    await settled()
    expect(reports).toEqual([])
    expect(moments).toHaveLength(1)
    moments[0]?.()
    await settled()
    expect(reports).toEqual([20])
  })

  it('asks nothing while fewer than sixteen whole answers are under way', async () => {
    const { asked, inquire, inquiries, others } = watch(() => Promise.resolve(metrics))
    inquiries.answered()
    inquiries.end()
    await inquire(1_000)
    expect(asked).toEqual([])
    others(1)
    await inquire(1_000)
    expect(asked).toEqual([2_000])
  })

  it('asks nothing of a server that tells its load in the head of its answers', async () => {
    const { asked, reports, inquire, inquiries } = watch(() => Promise.resolve(metrics))
    const first = await inquire(0)
    first.onServerReport?.({ load: { waitingRequests: 3 } })
    inquiries.answered()
    await inquire(1_000)
    expect(asked).toEqual([])
    expect(reports).toEqual([{ load: { waitingRequests: 3 } }])
  })

  it.each<[string, () => Promise<string>]>([
    ['fails', () => Promise.reject(new Error('404'))],
    ['is something else', () => Promise.resolve('<html></html>')],
  ])('waits a minute where the page %s', async (_what, answer) => {
    const { asked, reports, inquire, inquiries } = watch(answer)
    inquiries.answered()
    for (let count = 0; count < 100; count++) await inquire(1_000)
    expect(asked).toEqual([1_000, 61_000])
    expect(reports).toEqual([])
  })

  it('asks one question at a time, and a listener that throws costs nothing', async () => {
    const answers: ((body: string) => void)[] = []
    const inquiries = new MetricsInquiries(
      () => new Promise<string>((resolve) => answers.push(resolve)),
      () => 0,
      (run) => run(),
    )
    const call: AdapterCall = {
      ...openCall(),
      onServerReport: () => {
        throw new Error('mine')
      },
    }
    inquiries.answered()
    for (let count = 0; count < 20; count++) inquiries.begin(call, true)
    expect(answers).toHaveLength(1)
    answers[0]?.(metrics)
    await settled()
  })
})
