import { invalidOption } from '../invalid-option.js'
import type { SimulationEvent } from './simulation-event.js'

const amounts = {
  capacity: ['share'],
  'noisy-neighbour': ['everyMs', 'lastsMs', 'slowdown'],
  'replica-down': [],
  'replica-up': [],
} as const

/** Checks events and puts them into the order of their time. Throws `EmulatorError` (`invalid-option`). */
export function checkEvents(events: readonly SimulationEvent[], replicas: number): readonly SimulationEvent[] {
  for (const [index, event] of events.entries()) checkEvent(`events[${index}]`, event, replicas)
  return events.toSorted((a, b) => a.atMs - b.atMs)
}

function checkEvent(path: string, event: SimulationEvent, replicas: number): void {
  if (!Object.hasOwn(amounts, event.kind))
    throw invalidOption(`${path}.kind`, event.kind, `one of ${Object.keys(amounts).join(', ')}`)
  const { atMs, replica } = event
  if (!Number.isFinite(atMs) || atMs < 0) throw invalidOption(`${path}.atMs`, atMs, 'milliseconds, 0 or more')
  if (replica !== undefined && !(Number.isSafeInteger(replica) && replica >= 0 && replica < replicas))
    throw invalidOption(`${path}.replica`, replica, `a whole number from 0 to ${replicas - 1}`)
  const values = new Map(Object.entries(event))
  for (const name of amounts[event.kind]) {
    const value = values.get(name)
    if (typeof value !== 'number' || !(value > 0) || !Number.isFinite(value))
      throw invalidOption(`${path}.${name}`, value, 'a finite number above 0')
  }
}
