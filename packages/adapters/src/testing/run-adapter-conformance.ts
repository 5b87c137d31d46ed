import type { AdapterTarget, ModelAdapter } from '../adapter.js'
import { adapterConformanceCases } from './adapter-conformance-cases.js'
import { type ConformanceCase, ConformanceSkip, type ConformanceSubject } from './conformance-case.js'

/** What is looked at, and how. */
export interface AdapterConformanceOptions {
  readonly adapter: ModelAdapter
  /**
   * The target for a test server at this address, such as `http://127.0.0.1:4711`. Default: a deployment with the
   * endpoint `<origin>/v1` and a made-up key.
   */
  readonly target?: ((origin: string) => AdapterTarget) | undefined
  /** Default: {@link adapterConformanceCases}, which speak the OpenAI format. */
  readonly cases?: readonly ConformanceCase[] | undefined
  /**
   * Cases the adapter does not pass, by id, each with the reason. A skipped case is run all the same: one that passes is
   * a failure, because its skip is no longer needed.
   */
  readonly skip?: Readonly<Record<string, string>> | undefined
  /** Most time a case may take, in milliseconds. Default: 60,000. */
  readonly caseTimeoutMs?: number | undefined
  /** Sees every result as it is known. */
  readonly onResult?: ((result: AdapterConformanceResult) => void) | undefined
}

/** What one case came to. */
export interface AdapterConformanceResult {
  readonly id: string
  readonly name: string
  readonly outcome: 'passed' | 'failed' | 'skipped'
  /** What is wrong, or why it was skipped: by `skip`, or because the adapter does not have what it is about; empty for one that passed. */
  readonly message: string
}

/** What all of them came to. */
export interface AdapterConformanceReport {
  /** Whether nothing failed. */
  readonly ok: boolean
  readonly results: readonly AdapterConformanceResult[]
}

/**
 * Puts an adapter through every case, one after another, against servers on 127.0.0.1. It needs no test framework, never
 * throws for what an adapter does, and always settles: a case that hangs fails.
 */
export async function runAdapterConformance(options: AdapterConformanceOptions): Promise<AdapterConformanceReport> {
  const { adapter, target = defaultTarget, cases = adapterConformanceCases, skip = {}, onResult } = options
  const connect: ConformanceSubject['connect'] = async (origin) =>
    adapter.connect(target(origin), { connectTimeoutMs: 5_000, maxConnections: 8 })
  const results = unknownSkips(skip, cases)
  for (const result of results) onResult?.(result)
  for (const conformanceCase of cases) {
    const finding = await runCase(conformanceCase, connect, options.caseTimeoutMs ?? 60_000)
    const result = judge(conformanceCase, finding, skip)
    results.push(result)
    onResult?.(result)
  }
  return { ok: results.every(({ outcome }) => outcome !== 'failed'), results }
}

/** What came of a case: the message says what is wrong, or why there was nothing to find out. */
type Finding = Pick<AdapterConformanceResult, 'outcome' | 'message'>

/** A skip for a case nobody knows is a mistake, or a leftover. */
function unknownSkips(skip: Readonly<Record<string, string>>, cases: readonly ConformanceCase[]) {
  const known = new Set(cases.map(({ id }) => id))
  const unknown = Object.keys(skip).filter((id) => !known.has(id))
  return unknown.map((id): AdapterConformanceResult => {
    const message = 'The skip names no case. Remove it, or correct its spelling.'
    return { id, name: id, outcome: 'failed', message }
  })
}

function judge(
  { id, name }: ConformanceCase,
  finding: Finding,
  skip: Readonly<Record<string, string>>,
): AdapterConformanceResult {
  const reason = Object.hasOwn(skip, id) ? skip[id] : undefined
  if (reason === undefined) return { id, name, ...finding }
  if (reason.trim() === '') return { id, name, outcome: 'failed', message: 'The skip has no reason.' }
  if (finding.outcome === 'failed') return { id, name, outcome: 'skipped', message: reason }
  const what = finding.outcome === 'passed' ? 'passes' : 'does not apply'
  return { id, name, outcome: 'failed', message: `The case ${what}: its skip ("${reason}") is no longer needed.` }
}

async function runCase(
  conformanceCase: ConformanceCase,
  connect: ConformanceSubject['connect'],
  timeoutMs: number,
): Promise<Finding> {
  const controller = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<Finding>((resolve) => {
    timer = setTimeout(() => {
      resolve({ outcome: 'failed', message: `The case did not settle within ${timeoutMs} ms.` })
      controller.abort()
    }, timeoutMs)
  })
  const run = async (): Promise<Finding> => {
    await conformanceCase.run({ connect, signal: controller.signal })
    return { outcome: 'passed', message: '' }
  }
  try {
    return await Promise.race([run(), timeout])
  } catch (error) {
    const outcome = error instanceof ConformanceSkip ? 'skipped' : 'failed'
    return { outcome, message: error instanceof Error ? error.message : String(error) }
  } finally {
    clearTimeout(timer)
  }
}

function defaultTarget(origin: string): AdapterTarget {
  return {
    deployment: 'conformance',
    model: 'mistral-small-24b-instruct-2506',
    servedModelName: 'served',
    endpoint: `${origin}/v1`,
    apiKey: 'conformance-key',
    settings: {},
  }
}
