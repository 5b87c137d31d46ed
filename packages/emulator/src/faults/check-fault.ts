import { bedrockExceptionNames } from '../bedrock/bedrock-exception.js'
import type { Dialect } from '../dialect.js'
import { EmulatorError } from '../emulator-error.js'
import { type Fault, faultKinds } from './fault.js'
import type { WireResponse } from './wire-response.js'

/** Fields that hold a number, with what they may be. */
const numberRules: Readonly<Record<string, readonly [expected: string, holds: (value: number) => boolean]>> = {
  probability: ['a number from 0 to 1', (value) => value >= 0 && value <= 1],
  after: ['a whole number, 0 or more', isCount],
  times: ['a whole number, 0 or more', isCount],
  afterEvents: ['a whole number, 0 or more', isCount],
  bytesOfNextEvent: ['a whole number, 0 or more', isCount],
  retryAfterMs: ['milliseconds, 0 or more', isDelay],
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
  exception: ['exception'],
  'corrupt-frame': ['afterEvents'],
  'split-writes': ['bytes'],
  raw: ['response'],
  bytes: ['chunks'],
}

/** Fields that hold one word of a list, by kind. */
const words: Partial<Record<Fault['kind'], Readonly<Record<string, readonly string[]>>>> = {
  reset: { when: ['accept', 'before-headers', 'mid-stream'] },
  stall: { when: ['before-headers', 'before-first-token', 'mid-stream'] },
  exception: {
    exception: bedrockExceptionNames,
    when: ['before-headers', 'mid-stream'],
    messageType: ['exception', 'error'],
  },
  'rate-limit': {
    when: ['before-headers', 'mid-stream'],
    announcedBy: ['retry-after', 'retry-after-ms', 'policy', 'message'],
  },
  'corrupt-frame': { part: ['length', 'prelude-checksum', 'headers', 'payload', 'message-checksum'] },
}

/** What of a dialect decides which faults it can carry out. */
export type FaultAbilities = Pick<Dialect, 'streamFormat' | 'refusals' | 'corruptEvent'>

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0
}

/** Timers cannot wait longer than 2^31 - 1 milliseconds. */
function isDelay(value: number): boolean {
  return value >= 0 && value <= 2_147_483_647
}

/** Throws `EmulatorError` (`invalid-option`) unless a fault can be carried out. `path` names it in the message. */
export function checkFault(fault: Fault, path: string, abilities: FaultAbilities): void {
  if (!faultKinds.includes(fault.kind)) throw invalid(`${path}.kind`, fault.kind, `one of ${faultKinds.join(', ')}`)
  for (const key of required[fault.kind] ?? []) {
    if (!Object.hasOwn(fault, key)) throw invalid(`${path}.${key}`, undefined, 'given')
  }
  checkNumbers(fault, path)
  checkWords(fault, path)
  if (fault.kind === 'exception') checkMessage(fault.message, `${path}.message`)
  checkAbilities(fault, path, abilities)
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

function checkWords(fault: Fault, path: string): void {
  const fields: Readonly<Record<string, unknown>> = { ...fault }
  for (const [key, allowed] of Object.entries(words[fault.kind] ?? {})) {
    const value = Object.hasOwn(fields, key) ? fields[key] : undefined
    if (value === undefined || allowed.includes(value as string)) continue
    throw invalid(`${path}.${key}`, value, `one of ${allowed.join(', ')}`)
  }
}

/** In an error frame the message is a header, whose length takes 16 bits. */
const maxMessageBytes = 65_535

function checkMessage(message: string | undefined, path: string): void {
  if (message === undefined) return
  if (typeof message !== 'string') throw invalid(path, message, 'a text')
  const bytes = Buffer.byteLength(message)
  if (bytes > maxMessageBytes) throw invalid(path, `${bytes} bytes`, `a text of at most ${maxMessageBytes} bytes`)
}

function checkAbilities(fault: Fault, path: string, { streamFormat, refusals, corruptEvent }: FaultAbilities): void {
  if (fault.kind === 'exception' && refusals.exception === undefined)
    throw unavailable(path, fault.kind, 'bedrock', 'use kind "status"')
  if (fault.kind === 'rate-limit' && refusals['rate-limit'] === undefined)
    throw unavailable(
      path,
      fault.kind,
      'azure-openai',
      'use kind "status" with status 429, or "exception" with bedrock',
    )
  if (fault.kind === 'corrupt-frame' && corruptEvent === undefined)
    throw unavailable(path, fault.kind, 'bedrock', 'use kind "raw" or "bytes"')
  if (fault.kind === 'stall' && fault.keepAliveComments !== undefined && streamFormat === 'frames')
    throw new EmulatorError(
      'invalid-option',
      `${path}.keepAliveComments needs server-sent events; streams of this platform have no comment lines. Leave it out.`,
    )
}

function unavailable(path: string, kind: string, platform: string, remedy: string): EmulatorError {
  const message = `${path}.kind "${kind}" exists on platform "${platform}" only; here ${remedy}.`
  return new EmulatorError('invalid-option', message)
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
