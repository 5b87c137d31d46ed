import type { Deployment } from '../deployment.js'
import type { Replica } from '../routing/replica.js'
import type { ClientEvents, ClientHooks } from './client-events.js'
import { logEvent } from './log-event.js'
import type { Logger } from './logger.js'

/** Tells hooks and logger what happens. Nothing they do reaches a call. */
export class EventDispatcher {
  readonly #hooks: ClientHooks
  readonly #logger: Logger | undefined
  readonly #warned = new Set<string>()

  constructor(hooks: ClientHooks, logger: Logger | undefined) {
    this.#hooks = hooks
    this.#logger = logger
  }

  emit<Name extends keyof ClientEvents>(name: Name, event: ClientEvents[Name]): void {
    Object.freeze(event)
    const hook: ((event: ClientEvents[Name]) => void) | undefined = this.#hooks[name]
    if (hook !== undefined) this.#guard(`hooks.${name}`, () => hook.call(this.#hooks, event))
    const logger = this.#logger
    if (logger !== undefined) this.#guard('logger', () => logEvent(logger, name, event))
  }

  /** An asynchronous hook is not waited for; its rejection would end the process. */
  #guard(owner: string, run: () => unknown): void {
    try {
      const returned = run()
      if (returned instanceof Promise) returned.catch((error: unknown) => this.#report(owner, error))
    } catch (error) {
      this.#report(owner, error)
    }
  }

  #report(owner: string, error: unknown): void {
    const message = `The client's ${owner} failed: ${error instanceof Error ? error.message : typeof error}`
    if (owner !== 'logger' && this.#logger?.error !== undefined) {
      const logger = this.#logger
      this.#guard('logger', () => logger.error?.(message, { hook: owner }))
      return
    }
    // Once, because it will fail for every call.
    if (this.#warned.has(owner)) return
    this.#warned.add(owner)
    process.emitWarning(message, 'DuoModelsWarning')
  }
}

/** The dispatcher for a client's listeners. Where there are none there is none: telling nobody costs nothing. */
export function createEventDispatcher(
  listeners: { readonly hooks: ClientHooks | undefined; readonly logger: Logger | undefined },
  deployments: ReadonlyMap<string, Deployment>,
): EventDispatcher | undefined {
  const { hooks, logger } = listeners
  if (hooks === undefined && logger === undefined) return undefined
  const dispatcher = new EventDispatcher(hooks ?? {}, logger)
  for (const deployment of deployments.values()) tellReplicas(dispatcher, deployment)
  return dispatcher
}

function tellReplicas(dispatcher: EventDispatcher, { name, replicaSet }: Deployment): void {
  for (const replica of replicaSet.members) tellChanges(dispatcher, name, replica)
  replicaSet.onChange = (replica, change) => {
    if (change === 'joined') tellChanges(dispatcher, name, replica)
    else stopTelling(replica)
    dispatcher.emit('onReplica', { deployment: name, ...endpointOf(replica), change })
  }
}

function tellChanges(dispatcher: EventDispatcher, deployment: string, replica: Replica): void {
  const place = { deployment, ...endpointOf(replica) }
  replica.circuit.onChange = (state) => dispatcher.emit('onCircuit', { ...place, state })
  replica.limit.onChange = (change) => dispatcher.emit('onLimit', { ...place, ...change })
}

function stopTelling({ circuit, limit }: Replica): void {
  circuit.onChange = undefined
  limit.onChange = undefined
}

function endpointOf({ shownEndpoint }: Replica): { readonly endpoint?: string } {
  return shownEndpoint === undefined ? {} : { endpoint: shownEndpoint }
}
