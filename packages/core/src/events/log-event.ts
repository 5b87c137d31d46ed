import type { ClientEvents, EndEvent } from './client-events.js'
import type { Logger } from './logger.js'

/** How one kind of event is logged. */
interface LogForm<Event> {
  readonly level: (event: Event) => keyof Logger
  readonly message: (event: Event) => string
}

const forms: { readonly [Name in keyof ClientEvents]: LogForm<ClientEvents[Name]> } = {
  onRequest: { level: () => 'debug', message: ({ kind, feature }) => `${kind} ${feature} begins` },
  onAttempt: { level: () => 'debug', message: ({ attempt, deployment }) => `attempt ${attempt} goes to ${deployment}` },
  onFirstToken: {
    level: () => 'debug',
    message: ({ deployment, timeToFirstTokenMs }) =>
      `first token from ${deployment} after ${Math.round(timeToFirstTokenMs)} ms`,
  },
  onRetry: {
    level: () => 'warn',
    message: ({ attempt, deployment, delayMs, error }) =>
      `attempt ${attempt} on ${deployment} failed (${error.code}), next one in ${Math.round(delayMs)} ms`,
  },
  onFallback: {
    level: () => 'warn',
    message: ({ from, to, error }) => `${from} failed (${error.code}), ${to} is next`,
  },
  onCircuit: {
    level: ({ state }) => (state === 'open' ? 'warn' : 'info'),
    message: ({ deployment, endpoint, state }) =>
      `replica ${endpoint ?? 'of its region'} of ${deployment} ${state === 'open' ? 'is left alone for a while' : 'is back'}`,
  },
  onReplica: {
    level: () => 'info',
    message: ({ deployment, endpoint, change }) => `replica ${endpoint} of ${deployment} ${replicaChanges[change]}`,
  },
  onLimit: {
    level: () => 'debug',
    message: ({ deployment, endpoint, limit, previous, reason }) =>
      `replica ${endpoint ?? 'of its region'} of ${deployment} gets ${limit} requests at a time, before ${previous} (${reason})`,
  },
  onEnd: { level: endLevel, message: describeEnd },
}

const replicaChanges = { joined: 'has joined', left: 'has left', drained: 'has done its last request' } as const

function endLevel({ ok, error }: EndEvent): keyof Logger {
  if (ok) return 'debug'
  return error?.code === 'aborted' ? 'info' : 'error'
}

function describeEnd({ kind, feature, ok, error, elapsedMs }: EndEvent): string {
  const outcome = ok ? 'done' : `failed (${error?.code})`
  return `${kind} ${feature} ${outcome} after ${Math.round(elapsedMs)} ms`
}

/** Writes an event to the log. */
export function logEvent<Name extends keyof ClientEvents>(logger: Logger, name: Name, event: ClientEvents[Name]): void {
  const form: LogForm<ClientEvents[Name]> = forms[name]
  logger[form.level(event)]?.(form.message(event), event)
}
