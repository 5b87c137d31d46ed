import { priorities } from '../../packages/core/src/scheduling/priority.js'
import { answerParent } from '../harness/child.js'
import type { SchedulerName, SchedulerTask } from '../inputs/scheduler-task.js'
import {
  arrayScheduler,
  clientScheduler,
  fullCapacity,
  loadPQueue,
  pQueueScheduler,
  type RequestScheduler,
} from './request-schedulers.js'

/** Requests that end in one turn of the event loop. */
const endingTogether = 32
const warmUpRequests = 50_000

/** Callers who ask for the same again as soon as they are answered, so that as many wait all the time. */
class Load<Running extends object> {
  readonly #scheduler: RequestScheduler<Running>
  /** What runs, the one that ends next first. */
  #running: Running[] = []
  #ended = 0

  constructor(createScheduler: (onStart: (running: Running) => void) => RequestScheduler<Running>) {
    this.#scheduler = createScheduler((running) => this.#running.push(running))
  }

  /** Lets a limit that is found grow to the highest there may be: as long as something waits for it. */
  async warmUp(): Promise<void> {
    for (let count = 0; count < fullCapacity; count++) this.#scheduler.request('interactive')
    await this.run(warmUpRequests)
  }

  /** So many more wait from now on. */
  async fill(queued: number): Promise<void> {
    if (queued === 0) return
    for (let free = this.#scheduler.capacity - this.#count; free > 0; free--) this.#scheduler.request('interactive')
    for (let count = 0; count < queued; count++) this.#scheduler.request(priorities[count % 2] ?? 'interactive')
    await this.run(warmUpRequests)
  }

  /** So many end, and as many ask anew. */
  async run(requests: number): Promise<void> {
    for (let done = 0; done < requests; done += endingTogether) {
      for (let count = 0; count < endingTogether; count++) this.#endOne()
      await settle()
    }
  }

  /** In microseconds. */
  async cpuTimePerRequest(requests: number): Promise<number> {
    const before = process.cpuUsage()
    await this.run(requests)
    const { user, system } = process.cpuUsage(before)
    return (user + system) / requests
  }

  get #count(): number {
    return this.#running.length - this.#ended
  }

  #endOne(): void {
    const ending = this.#running[this.#ended]
    if (ending === undefined) return
    this.#ended += 1
    if (this.#ended > 10_000) {
      this.#running = this.#running.slice(this.#ended)
      this.#ended = 0
    }
    this.#scheduler.replace(ending)
  }
}

/** Every promise that can settle has. */
function settle(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve))
}

/** The same, whatever its scheduler calls running. */
type MeasuredLoad = Pick<Load<object>, 'warmUp' | 'fill' | 'cpuTimePerRequest'>

async function createLoad(name: SchedulerName, peersFolder: string): Promise<MeasuredLoad> {
  switch (name) {
    case 'duo-models, 1 replica':
      return new Load((onStart) => clientScheduler(1, false, onStart))
    case 'duo-models, 4 replicas':
      return new Load((onStart) => clientScheduler(4, false, onStart))
    case 'duo-models, 1 replica, a promise each':
      return new Load((onStart) => clientScheduler(1, true, onStart))
    case 'p-queue 9': {
      const PQueue = await loadPQueue(peersFolder)
      return new Load((onStart) => pQueueScheduler(PQueue, onStart))
    }
    case 'an array of promises':
      return new Load(arrayScheduler)
  }
}

const [name, peersFolder = ''] = process.argv.slice(2)
const load = await createLoad(name as SchedulerName, peersFolder)
await load.warmUp()
answerParent(async ({ requests, queued }: SchedulerTask) => {
  if (queued !== undefined) await load.fill(queued)
  return load.cpuTimePerRequest(requests)
})
