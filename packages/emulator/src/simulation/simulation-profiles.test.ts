import { expect, test } from 'vitest'
import { runSimulationProfile } from './run-simulation-profile.js'
import { simulationProfiles } from './simulation-profiles.js'

const profileOf = (name: string) => {
  const found = simulationProfiles.find((profile) => profile.name === name)
  if (found === undefined) throw new Error(`no profile ${name}`)
  return found
}
const run = (name: string, seed?: number) => runSimulationProfile(profileOf(name), { seed })

test('names are unique, and the documented machines and models are all there', () => {
  const names = simulationProfiles.map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
  expect(names.slice(0, 6)).toEqual([
    'small-mistral-7b-it-v0.3',
    'medium-mistral-7b-it-v0.3',
    'medium-mixtral-8x7b-it-v0.1',
    'large-mistral-7b-it-v0.3',
    'large-mixtral-8x7b-it-v0.1',
    'large-mixtral-8x22b-it-v0.1',
  ])
})

test.each(simulationProfiles)('$name: requests come in order, and each is answered or fails', (profile) => {
  const times = profile.workload(1).map(({ atMs }) => atMs)
  expect(times).toEqual(times.toSorted((a, b) => a - b))
  expect(profile.workload(1)).toEqual(profile.workload(1))
  expect(profile.workload(2)).not.toEqual(profile.workload(1))
  const { requests, completed, failed, replicas } = runSimulationProfile(profile, { seed: 1 })
  expect(completed + failed.rejected + failed['replica-down']).toBe(requests)
  expect(completed).toBeGreaterThan(30)
  for (const replica of replicas) expect(replica).toMatchObject({ running: 0, waiting: 0, kvCacheUsage: 0 })
})

test('the same seed gives the same result', () => {
  expect(run('mixed-lengths', 3)).toEqual(run('mixed-lengths', 3))
  expect(run('mixed-lengths', 3)).not.toEqual(run('mixed-lengths', 4))
})

test('each situation shows what it is there for', () => {
  const usual = runSimulationProfile({ ...profileOf('capacity-step'), options: { vllmVersion: '0.11.0' } })
  expect(run('capacity-step').endToEndLatencyMs.p95).toBeGreaterThan(1.5 * usual.endToEndLatencyMs.p95)
  expect(run('replica-loss').failed['replica-down']).toBeGreaterThan(0)
  expect(run('rejecting-server').failed.rejected).toBeGreaterThan(0)
  const queued = run('unlimited-queue')
  expect(queued.failed).toEqual({ rejected: 0, 'replica-down': 0 })
  expect(queued.timeToFirstTokenMs.p95).toBeGreaterThan(10_000)
  expect(run('cache-pressure').replicas[0]?.preemptions).toBeGreaterThan(0)
  expect(run('conversations').replicas[0]?.prefixCacheHits).toBeGreaterThan(0)
})
