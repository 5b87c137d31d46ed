import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Deployment } from '../../packages/core/src/deployment.js'
import type { ModelRequest } from '../../packages/core/src/model-request.js'
import type { Replica } from '../../packages/core/src/routing/replica.js'
import type { Claim } from '../../packages/core/src/scheduling/claim.js'
import { systemClock } from '../../packages/core/src/scheduling/clock.js'
import type { Permit } from '../../packages/core/src/scheduling/permit.js'
import type { Priority } from '../../packages/core/src/scheduling/priority.js'
import { createSimulatedDeployment } from '../../packages/core/src/testing/simulated-deployment.js'

/** Requests that run at once with one replica: the highest limit there is by default. */
export const fullCapacity = 1_024

/** Something that lets so many requests run at once and makes the others wait. */
export interface RequestScheduler<Running> {
  /** Requests that run at once, as far as is known by now. */
  readonly capacity: number
  /** Asks for a request's turn. What it was made with is told when it has come, perhaps at once. */
  request(priority: Priority): void
  /** A request is over; asks for the same again. */
  replace(running: Running): void
}

const request: ModelRequest = { feature: 'duo-chat', messages: [{ role: 'user', content: 'Hello' }] }
const noneFailed: ReadonlySet<Replica> = new Set()

/**
 * The client's own: limits that it finds by itself, circuits, background allowance, deadlines.
 * @param withPromise whether each that waits has a promise, as a call has
 */
export function clientScheduler(
  replicas: number,
  withPromise: boolean,
  onStart: (permit: Permit) => void,
): RequestScheduler<Permit> {
  const { dispatcher } = createDeployment(replicas)
  const start = (permit: Permit): void => {
    permit.answer()
    onStart(permit)
  }
  const wait = (claim: Claim): void => {
    if (!withPromise) dispatcher.waitForTurn(claim, start, fail)
    else void new Promise<Permit>((resolve, reject) => dispatcher.waitForTurn(claim, resolve, reject)).then(start)
  }
  const ask = (priority: Priority): void => {
    const deadlineAt = systemClock.now() + 600_000
    const claim: Claim = { request, wanted: 'stream', priority, deadlineAt, failed: noneFailed }
    const permit = dispatcher.acquire(claim, false)
    if (permit === undefined) wait(claim)
    else start(permit)
  }
  return {
    get capacity() {
      return dispatcher.capacity
    },
    request: ask,
    replace(permit) {
      permit.release()
      ask(permit.claim.priority)
    },
  }
}

function fail(error: unknown): never {
  throw error
}

function createDeployment(replicas: number): Deployment {
  return createSimulatedDeployment({
    adapter: { platform: 'measured', connect: () => Promise.reject(new RangeError('Nothing is sent.')) },
    endpoints: Array.from({ length: replicas }, (_, number) => `http://gpu-${number}:8000/v1`),
    maxConnections: fullCapacity,
    maxQueued: Number.POSITIVE_INFINITY,
    clock: systemClock,
    random: Math.random,
  })
}

/** A request that one of the others runs. */
export interface OtherRunning {
  readonly priority: Priority
  readonly release: () => void
}

interface Queue {
  add(run: () => Promise<void>, options: { readonly priority: number }): Promise<void>
}

type QueueClass = new (options: { readonly concurrency: number }) => Queue

/** `p-queue`, from the folder the peers are installed in. */
export async function loadPQueue(peersFolder: string): Promise<QueueClass> {
  const path = createRequire(join(peersFolder, 'package.json')).resolve('p-queue')
  const { default: PQueue } = (await import(pathToFileURL(path).href)) as { readonly default: QueueClass }
  return PQueue
}

/** `p-queue` with its priorities. */
export function pQueueScheduler(
  PQueue: QueueClass,
  onStart: (running: OtherRunning) => void,
): RequestScheduler<OtherRunning> {
  const queue = new PQueue({ concurrency: fullCapacity })
  const ask = (priority: Priority): void => {
    const run = (): Promise<void> => new Promise((release) => onStart({ priority, release }))
    void queue.add(run, { priority: priority === 'interactive' ? 1 : 0 })
  }
  return {
    capacity: fullCapacity,
    request: ask,
    replace({ priority, release }) {
      release()
      ask(priority)
    },
  }
}

/** The least that can be done: one array, first come, first served, a promise for each that waits. */
export function arrayScheduler(onStart: (running: OtherRunning) => void): RequestScheduler<OtherRunning> {
  const waiting: (() => void)[] = []
  let running = 0
  const release = (): void => {
    running -= 1
    waiting.shift()?.()
  }
  const start = (priority: Priority): void => {
    running += 1
    onStart({ priority, release })
  }
  const ask = (priority: Priority): void => {
    if (running < fullCapacity && waiting.length === 0) start(priority)
    else void new Promise<void>((resolve) => waiting.push(resolve)).then(() => start(priority))
  }
  return {
    capacity: fullCapacity,
    request: ask,
    replace({ priority }) {
      release()
      ask(priority)
    },
  }
}
