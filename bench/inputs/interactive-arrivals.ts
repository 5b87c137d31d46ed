import { type SimulatedArrival, type SimulationProfile, simulationProfiles } from '@duo-models/emulator/simulation'

/** A profile of the emulator, by its name. */
export function findSimulationProfile(name: string): SimulationProfile {
  const profile = simulationProfiles.find((each) => each.name === name)
  if (profile === undefined) throw new RangeError(`The emulator has no simulation profile '${name}'.`)
  return profile
}

const minuteMs = 60_000

/**
 * Requests of a profile that come at their own times, minute after minute.
 * @param share of the profile's rate, up to 1
 */
export function interactiveArrivals(profile: SimulationProfile, share: number, durationMs: number): SimulatedArrival[] {
  const arrivals: SimulatedArrival[] = []
  let due = 0
  for (let minute = 0; minute * minuteMs < durationMs; minute += 1)
    for (const { atMs, request } of profile.workload(minute)) {
      due += share
      if (due < 1) continue
      due -= 1
      arrivals.push({ atMs: minute * minuteMs + atMs, request })
    }
  return arrivals
}
