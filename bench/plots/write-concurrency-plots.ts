import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundleProgram } from '../harness/bundle.js'
import { startChild } from '../harness/child.js'
import type { ChildPool } from '../harness/child-pool.js'
import { installPeers } from '../harness/install-peers.js'
import { throughputCase } from '../inputs/throughput-case.js'
import type { ThroughputFigures, ThroughputTask } from '../subjects/throughput.js'
import { concurrencyPlot } from './concurrency-plot.js'
import { eventPeriods } from './event-periods.js'
import { plotDescription } from './plot-description.js'

const folder = fileURLToPath(new URL('../../docs/guides/adaptive-concurrency', import.meta.url))

/** What was found of a profile. */
interface Found {
  readonly profile: string
  readonly best: { readonly level: number }
}

/** Writes a plot for each profile into the guide's folder: one run, beside one of the best fixed setting. */
export async function writeConcurrencyPlots(pool: ChildPool, found: readonly Found[]): Promise<void> {
  const tasks = found.flatMap(({ profile, best }) =>
    (['adaptive', best.level] as const).map((concurrency) => {
      return { profile, workload: 0, seed: 0, concurrency, wantsSamples: true }
    }),
  )
  const runs = await pool.askAll<ThroughputTask, ThroughputFigures>(tasks)
  const nodePaths = [join(installPeers(), 'node_modules')]
  const renderer = startChild(await bundleProgram('subjects/render-plot.ts', { nodePaths }))
  mkdirSync(folder, { recursive: true })
  try {
    for (const [index, { profile, best }] of found.entries()) {
      const { options, replicas } = throughputCase(profile, 0)
      const adaptive = runs[2 * index]?.samples ?? []
      const plot = concurrencyPlot({
        title: profile,
        description: plotDescription(profile),
        adaptive,
        fixed: runs[2 * index + 1]?.samples ?? [],
        fixedLevel: best.level,
        replicas,
        periods: eventPeriods(options.events ?? [], adaptive.at(-1)?.atMs ?? 0),
      })
      writeFileSync(join(folder, `${profile}.svg`), `${await renderer.ask(plot)}\n`)
    }
  } finally {
    await renderer.stop()
  }
}
