import type { FaultLimits } from './fault-case.js'

/** A client that is put through the faults. */
export interface FaultClient {
  /** Streams one answer and returns its text. */
  stream(prompt: string): Promise<string>
  /** Asks for a whole answer and returns its text. */
  generate(prompt: string): Promise<string>
  close(): Promise<void>
}

/** Makes a client for a server, with the key of `fault-case.ts`. */
export type OpenFaultClient = (origin: string, limits: FaultLimits) => Promise<FaultClient>

/** The model every client asks for. */
export const modelName = 'mistral-small'

/** Attempts of every client, the first one included. */
export const maxAttempts = 3
