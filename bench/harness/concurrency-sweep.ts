import { median } from './statistics.js'

/** What a run tells of a setting. */
export interface RunFigures {
  readonly tokensPerSecond: number
  readonly p95FirstTokenMs: number
}

/** A fixed setting and its runs, one for each seed. */
export interface SweptSetting<Figures extends RunFigures> {
  /** For each replica. */
  readonly level: number
  readonly runs: readonly Figures[]
}

export interface SweepOptions<Figures extends RunFigures> {
  readonly profiles: readonly string[]
  readonly levels: readonly number[]
  readonly seeds: readonly number[]
  /** Run with every seed in any case. */
  readonly alwaysWithAllSeeds?: readonly number[]
  /** Runs many at once; the answers in the order of the questions. */
  run(questions: readonly SweepQuestion[]): Promise<readonly Figures[]>
}

export interface SweepQuestion {
  readonly profile: string
  readonly level: number
  readonly seed: number
}

/** Settings that come so close to the highest throughput with one seed, and to the shortest waits of these, may be the best. */
const candidateShare = 0.98
const candidateWaits = 3
/** Settings of so much of the highest throughput count as equal to it. */
const equalShare = 0.995

/** Runs every setting with the first seed, and those that may be the best with all of them; by profile. */
export async function sweepConcurrency<Figures extends RunFigures>(
  options: SweepOptions<Figures>,
): Promise<ReadonlyMap<string, readonly SweptSetting<Figures>[]>> {
  const { profiles, levels, seeds, alwaysWithAllSeeds = [] } = options
  const [firstSeed = 0, ...otherSeeds] = seeds
  const runs = new Runs(options)
  await runs.add(profiles.flatMap((profile) => levels.map((level) => ({ profile, level, seed: firstSeed }))))
  await runs.add(
    profiles.flatMap((profile) => {
      const wanted = new Set([...candidates(runs.of(profile)).map(({ level }) => level), ...alwaysWithAllSeeds])
      return [...wanted].flatMap((level) => otherSeeds.map((seed) => ({ profile, level, seed })))
    }),
  )
  return new Map(profiles.map((profile) => [profile, runs.of(profile)]))
}

class Runs<Figures extends RunFigures> {
  readonly #options: SweepOptions<Figures>
  readonly #byProfile = new Map<string, Map<number, Figures[]>>()

  constructor(options: SweepOptions<Figures>) {
    this.#options = options
  }

  async add(questions: readonly SweepQuestion[]): Promise<void> {
    const answers = await this.#options.run(questions)
    for (const [index, { profile, level }] of questions.entries()) {
      const levels = this.#byProfile.get(profile) ?? new Map<number, Figures[]>()
      this.#byProfile.set(profile, levels)
      levels.set(level, [...(levels.get(level) ?? []), answers[index] as Figures])
    }
  }

  of(profile: string): readonly SweptSetting<Figures>[] {
    return [...(this.#byProfile.get(profile) ?? [])].map(([level, runs]) => ({ level, runs }))
  }
}

function candidates<Figures extends RunFigures>(settings: readonly SweptSetting<Figures>[]) {
  const highest = Math.max(...settings.map(throughputOf))
  const fast = settings.filter((setting) => throughputOf(setting) >= highest * candidateShare)
  const shortestWait = Math.min(...fast.map(waitOf))
  return fast.filter((setting) => waitOf(setting) <= shortestWait * candidateWaits)
}

/**
 * The setting with the highest throughput; of those that come within half a per cent of it, the one whose first tokens come
 * soonest. That is harder to match than the very highest, which often lets requests wait in the server.
 */
export function bestSetting<Figures extends RunFigures>(
  settings: readonly SweptSetting<Figures>[],
): SweptSetting<Figures> {
  const mostRuns = Math.max(...settings.map(({ runs }) => runs.length))
  const thorough = settings.filter(({ runs }) => runs.length === mostRuns)
  const highest = Math.max(...thorough.map(throughputOf))
  const [best] = thorough
    .filter((setting) => throughputOf(setting) >= highest * equalShare)
    .sort((one, other) => waitOf(one) - waitOf(other))
  if (best === undefined) throw new RangeError('There is no best of nothing.')
  return best
}

/** The middle one of its runs. */
export function throughputOf({ runs }: { readonly runs: readonly RunFigures[] }): number {
  return median(runs.map(({ tokensPerSecond }) => tokensPerSecond))
}

/** The same of the time to the first token that one in twenty exceeds, in milliseconds. */
export function waitOf({ runs }: { readonly runs: readonly RunFigures[] }): number {
  return median(runs.map(({ p95FirstTokenMs }) => p95FirstTokenMs))
}
