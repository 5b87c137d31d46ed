import type { Benchmark, BenchmarkTable } from './benchmark.js'
import { bedrockFaults } from './faults/bedrock-faults.js'
import type { FaultCase } from './faults/fault-case.js'
import { faultCases } from './faults/fault-cases.js'
import type { FaultVerdict } from './faults/judge-fault.js'
import { type FaultResult, runFaultCases } from './faults/run-fault-cases.js'
import { subjectProgram } from './harness/subject-program.js'
import { peerSubjects } from './harness/subjects.js'

const ownClients = ['duo-models', 'duo-models, Azure OpenAI', 'openai']
const bedrockClients = ['duo-models, Bedrock', 'AWS SDK']
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

type Sections = Readonly<Record<string, readonly FaultCase[]>>
type Results = ReadonlyMap<string, readonly FaultResult[]>

/** What clients make of servers that misbehave in every way a socket allows. */
export const faultsBenchmark: Benchmark = {
  name: 'faults',
  async run({ quick }) {
    const results = await runClients(quick ? ownClients : [...ownClients, ...peerSubjects], faultCases)
    const bedrockSections = { Bedrock: bedrockFaults }
    const bedrockResults = await runClients(bedrockClients, bedrockSections)
    return [
      passedBySection('Faults of a server of the OpenAI format that a client passes', faultCases, results),
      passedBySection('Faults of Bedrock that a client passes', bedrockSections, bedrockResults),
      failuresByVerdict(new Map([...results, ...bedrockResults])),
    ]
  },
}

async function runClients(clients: readonly string[], sections: Sections): Promise<Results> {
  const results = new Map<string, readonly FaultResult[]>()
  for (const client of clients) {
    const isPeer = peerSubjects.includes(client)
    const program = await subjectProgram(`faults/clients/fault-${isPeer ? 'peers' : 'clients'}.ts`, isPeer)
    const own = await runFaultCases(program, client, Object.values(sections).flat())
    results.set(client, own)
    for (const { fault, verdict, reason } of own)
      if (verdict !== 'passed') console.error(`  ${client}, a server that ${fault.name}: ${verdict} (${reason})`)
  }
  return results
}

function passedBySection(title: string, sections: Sections, results: Results): BenchmarkTable {
  const passed = (own: readonly FaultResult[], cases: readonly FaultCase[]) =>
    `${own.filter(({ fault, verdict }) => cases.includes(fault) && verdict === 'passed').length} of ${cases.length}`
  const columns: Sections = { all: Object.values(sections).flat(), ...sections }
  const rows = [...results].map(([name, own]) => ({
    name,
    ...(isOurs(name) && { target: 'all' }),
    cells: Object.values(columns).map((cases) => passed(own, cases)),
  }))
  return { title, columns: Object.keys(columns), rows }
}

function failuresByVerdict(results: Results): BenchmarkTable {
  const rows = [...results].map(([name, own]) => ({
    name,
    ...(isOurs(name) && { target: 'none' }),
    cells: failures.map((failure) => String(own.filter(({ verdict }) => verdict === failure).length)),
  }))
  return { title: 'How the cases end that a client does not pass', columns: [...failures], rows }
}

function isOurs(name: string): boolean {
  return name.startsWith('duo-models')
}
