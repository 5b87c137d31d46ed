import type { Benchmark, BenchmarkTable } from './benchmark.js'
import { faultCases } from './faults/fault-cases.js'
import type { FaultVerdict } from './faults/judge-fault.js'
import { type FaultResult, runFaultCases } from './faults/run-fault-cases.js'
import { subjectProgram } from './harness/subject-program.js'
import { peerSubjects } from './harness/subjects.js'

const ownClients = ['duo-models', 'openai']
const failures: readonly FaultVerdict[] = [
  'hang',
  'crash',
  'silent',
  'leak',
  'memory',
  'false error',
  'retries',
  'untyped',
]

/** What clients make of servers that misbehave in every way a socket allows. */
export const faultsBenchmark: Benchmark = {
  name: 'faults',
  async run({ quick }) {
    const clients = quick ? ownClients : [...ownClients, ...peerSubjects]
    const cases = Object.values(faultCases).flat()
    const results = new Map<string, readonly FaultResult[]>()
    for (const client of clients) {
      const isPeer = peerSubjects.includes(client)
      const program = await subjectProgram(`faults/clients/fault-${isPeer ? 'peers' : 'clients'}.ts`, isPeer)
      results.set(client, await runFaultCases(program, client, cases))
      for (const { fault, verdict, reason } of results.get(client) ?? [])
        if (verdict !== 'passed') console.error(`  ${client}, a server that ${fault.name}: ${verdict} (${reason})`)
    }
    return [passedBySection(results), failuresByVerdict(results)]
  },
}

function passedBySection(results: ReadonlyMap<string, readonly FaultResult[]>): BenchmarkTable {
  const sections = Object.entries(faultCases)
  const count = (own: readonly FaultResult[]) => own.filter(({ verdict }) => verdict === 'passed').length
  const rows = [...results].map(([name, own]) => ({
    name,
    ...(name === 'duo-models' && { target: 'all' }),
    cells: [
      `${count(own)} of ${own.length}`,
      ...sections.map(([, cases]) => `${count(own.filter(({ fault }) => cases.includes(fault)))} of ${cases.length}`),
    ],
  }))
  return { title: 'Faults that a client passes', columns: ['all', ...sections.map(([section]) => section)], rows }
}

function failuresByVerdict(results: ReadonlyMap<string, readonly FaultResult[]>): BenchmarkTable {
  const rows = [...results].map(([name, own]) => ({
    name,
    ...(name === 'duo-models' && { target: 'none' }),
    cells: failures.map((failure) => String(own.filter(({ verdict }) => verdict === failure).length)),
  }))
  return { title: 'How the others end', columns: [...failures], rows }
}
