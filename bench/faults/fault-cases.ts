import { connectionFaults } from './connection-faults.js'
import { eventFaults } from './event-faults.js'
import type { FaultCase } from './fault-case.js'
import { httpFaults } from './http-faults.js'
import { redirectFaults } from './redirect-faults.js'
import { statusFaults } from './status-faults.js'

/** Everything that is done to a client, by where it goes wrong. */
export const faultCases: Readonly<Record<string, readonly FaultCase[]>> = {
  connection: connectionFaults,
  HTTP: httpFaults,
  redirects: redirectFaults,
  events: eventFaults,
  statuses: statusFaults,
}
