import { EmulatorError } from '../emulator-error.js'
import { type Fault, faultKinds } from './fault.js'
import type { WireResponse } from './wire-response.js'

/** Fields that hold a number, with what they may be. */
const numberRules: Readonly<Record<string, readonly [expected: string, holds: (value: number) => boolean]>> = {
  probability: ['a number from 0 to 1', (value) => value >= 0 && value <= 1],
  after: ['a whole number, 0 or more', isCount],
  times: ['a whole number, 0 or more', isCount],
  afterEvents: ['a whole number, 0 or more', isCount],
  bytes: ['a whole number, 1 or more', (value) => isCount(value) && value >= 1],
  delayMs: ['milliseconds, 0 or more', isDelay],
  durationMs: ['milliseconds, 0 or more', isDelay],
  keepAliveComments: ['milliseconds, 1 or more', (value) => isDelay(value) && value >= 1],
  status: ['a status code from 200 to 599', (value) => isCount(value) && value >= 200 && value <= 599],
}

const required: Partial<Record<Fault['kind'], readonly string[]>> = {
  status: ['status'],
  'cut-stream': ['afterEvents'],
  'end-stream': ['afterEvents'],
  reset: ['when'],
  stall: ['when'],
  'slow-first-token': ['delayMs'],
  'split-writes': ['bytes'],
  raw: ['response'],
  bytes: ['chunks'],
}

const moments: Partial<Record<Fault['kind'], readonly string[]>> = {
  reset: ['accept', 'before-headers', 'mid-stream'],
  stall: ['before-headers', 'before-first-token', 'mid-stream'],
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0
}

/** Timers cannot wait longer than 2^31 - 1 milliseconds. */
function isDelay(value: number): boolean {
  return value >= 0 && value <= 2_147_483_647
}

/** Throws `EmulatorError` (`invalid-option`) unless a fault can be carried out. `path` names it in the message. */
export function checkFault(fault: Fault, path: string): void {
  if (!faultKinds.includes(fault.kind)) throw invalid(`${path}.kind`, fault.kind, `one of ${faultKinds.join(', ')}`)
  for (const key of required[fault.kind] ?? []) {
    if (!Object.hasOwn(fault, key)) throw invalid(`${path}.${key}`, undefined, 'given')
  }
  checkNumbers(fault, path)
  const allowed = moments[fault.kind]
  if (allowed && 'when' in fault && !allowed.includes(fault.when))
    throw invalid(`${path}.when`, fault.when, `one of ${allowed.join(', ')}`)
  if (fault.kind !== 'raw') return
  const responses = 'sequence' in fault.response ? fault.response.sequence : [fault.response]
  responses.forEach((response, index) => {
    checkResponse(response, 'sequence' in fault.response ? `${path}.response.sequence[${index}]` : `${path}.response`)
  })
}

function checkNumbers(fault: Fault, path: string): void {
  for (const [key, value] of Object.entries(fault)) {
    const rule = Object.hasOwn(numberRules, key) ? numberRules[key] : undefined
    if (rule === undefined || value === undefined) continue
    if (typeof value !== 'number' || !rule[1](value)) throw invalid(`${path}.${key}`, value, rule[0])
  }
}

function checkResponse({ status, rechunk_bytes }: WireResponse, path: string): void {
  if (!isCount(status) || status < 200 || status > 999) {
    throw invalid(
      `${path}.status`,
      status,
      'a status code from 200 to 999 (a refused connection needs a port without a server: close the emulator)',
    )
  }
  if (rechunk_bytes !== undefined && !(isCount(rechunk_bytes) && rechunk_bytes >= 1)) {
    throw invalid(`${path}.rechunk_bytes`, rechunk_bytes, 'a whole number, 1 or more')
  }
}

function invalid(path: string, value: unknown, expected: string): EmulatorError {
  return new EmulatorError(
    'invalid-option',
    `${path} must be ${expected}; it is ${JSON.stringify(value) ?? String(value)}.`,
  )
}
