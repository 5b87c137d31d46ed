import { answerParent } from '../harness/child.js'
import type { OpenSubject, Subject } from './subject.js'

/** One task for the process that holds a subject. */
export interface SubjectTask {
  readonly kind: 'stream' | 'generate' | 'hold'
  readonly endpoints: readonly string[]
  /** How often, over all. */
  readonly calls: number
  /** How many at once. */
  readonly concurrency: number
}

/** What a task took. */
export interface SubjectFigures {
  /** CPU time of the whole process, in microseconds. */
  readonly cpuMicros: number
  readonly wallMs: number
  readonly characters: number
  readonly reads: number
  /** Heap in use while the streams are held open, in bytes above what it was before. */
  readonly heapBytes: number
  /** The same with memory outside the heap. */
  readonly residentBytes: number
}

const loaders: Readonly<Record<string, () => Promise<OpenSubject>>> = {
  'bare undici': async () => (await import('./bare-undici.js')).openBareUndici,
  'bare node:http': async () => (await import('./bare-http.js')).openBareHttp,
  'duo-models': async () => (await import('./duo-models.js')).openDuoModels,
  openai: async () => (await import('./openai.js')).openOpenAI,
}

const name = process.argv[2] ?? ''
const open = await loaders[name]?.()
if (open === undefined)
  throw new Error(`No subject is called '${name}'. Known are: ${Object.keys(loaders).join(', ')}.`)
const subjects = new Map<string, Promise<Subject>>()

function subjectFor(endpoint: string): Promise<Subject> {
  const known = subjects.get(endpoint)
  if (known !== undefined) return known
  const opened = (open as OpenSubject)(endpoint)
  subjects.set(endpoint, opened)
  return opened
}

answerParent(async (task: SubjectTask): Promise<SubjectFigures> => {
  const all = await Promise.all(task.endpoints.map(subjectFor))
  const subjectOf = (call: number) => all[call % all.length] as Subject
  if (task.kind === 'hold') return hold(task, subjectOf)
  const figures = { characters: 0, reads: 0 }
  const startedAt = performance.now()
  const cpu = process.cpuUsage()
  await inParallel(task, async (call) => {
    const subject = subjectOf(call)
    if (task.kind === 'generate') {
      figures.characters += (await subject.generate()).length
      return
    }
    const { characters, reads = 0 } = await subject.stream()
    figures.characters += characters
    figures.reads += reads
  })
  const { user, system } = process.cpuUsage(cpu)
  const wallMs = performance.now() - startedAt
  return { cpuMicros: user + system, wallMs, heapBytes: 0, residentBytes: 0, ...figures }
})

async function inParallel({ calls, concurrency }: SubjectTask, run: (call: number) => Promise<void>): Promise<void> {
  let next = 0
  const worker = async () => {
    while (next < calls) await run(next++)
  }
  await Promise.all(Array.from({ length: Math.min(concurrency, calls) }, worker))
}

async function hold(task: SubjectTask, subjectOf: (call: number) => Subject): Promise<SubjectFigures> {
  const before = settledMemory()
  const startedAt = performance.now()
  const cpu = process.cpuUsage()
  const held: { close(): void }[] = []
  await inParallel(task, async (call) => {
    held.push(await subjectOf(call).hold())
  })
  const { user, system } = process.cpuUsage(cpu)
  const wallMs = performance.now() - startedAt
  const after = settledMemory()
  for (const stream of held) stream.close()
  await new Promise((resolve) => setTimeout(resolve, 200))
  const heapBytes = after.heapUsed - before.heapUsed
  return { cpuMicros: user + system, wallMs, heapBytes, residentBytes: after.rss - before.rss, characters: 0, reads: 0 }
}

function settledMemory(): NodeJS.MemoryUsage {
  if (globalThis.gc === undefined) throw new Error('Start this process with --expose-gc.')
  globalThis.gc()
  globalThis.gc()
  return process.memoryUsage()
}
