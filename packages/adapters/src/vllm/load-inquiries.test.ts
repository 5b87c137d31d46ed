import { expect, it } from 'vitest'
import { LoadInquiries } from './load-inquiries.js'

it('asks with the first request of every quarter of a second, whole answers and streams apart', () => {
  let now = 0
  const inquiries = new LoadInquiries(() => now)
  const asked: string[] = []
  for (; now < 1_000; now += 10)
    for (const kind of ['whole', 'stream'] as const) if (inquiries.isDue(kind)) asked.push(`${kind} ${now}`)
  expect(asked.filter((each) => each.startsWith('whole'))).toEqual(['whole 0', 'whole 250', 'whole 500', 'whole 750'])
  expect(asked).toHaveLength(8)
})
