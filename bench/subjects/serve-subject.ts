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

/** What a subject's program knows: how each of its subjects is loaded. */
export type SubjectLoaders = Readonly<Record<string, () => Promise<OpenSubject>>>

/** In a process of its own: runs the tasks of the subject that the command line names. */
export async function serveSubject(loaders: SubjectLoaders): Promise<void> {
  const name = process.argv[2] ?? ''
  const open = await loaders[name]?.()
  if (open === undefined)
    throw new Error(`No subject is called '${name}'. Known are: ${Object.keys(loaders).join(', ')}.`)
  const subjects = new Map<string, Promise<Subject>>()
  answerParent((task: SubjectTask) => run(task, subjects, open))
}

function subjectFor(endpoint: string, subjects: Map<string, Promise<Subject>>, open: OpenSubject): Promise<Subject> {
  const known = subjects.get(endpoint)
  if (known !== undefined) return known
  const opened = open(endpoint)
  subjects.set(endpoint, opened)
  return opened
}

async function run(
  task: SubjectTask,
  subjects: Map<string, Promise<Subject>>,
  open: OpenSubject,
): Promise<SubjectFigures> {
  const all = await Promise.all(task.endpoints.map((endpoint) => subjectFor(endpoint, subjects, open)))
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
}

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
