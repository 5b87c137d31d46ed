import { inspect } from 'node:util'

/** What a client made of a call. */
export type FaultOutcome = FaultAnswer | FaultError | FaultHang

interface FaultAnswer {
  readonly outcome: 'answer'
  readonly text: string
}

export interface FaultError {
  readonly outcome: 'error'
  readonly name: string
  readonly code: string | undefined
  /** What the error says had arrived. */
  readonly partialText: string | undefined
  /** All that a log would show of it. */
  readonly shown: string
}

interface FaultHang {
  readonly outcome: 'hang'
}

/** An error as it can be told to another process. */
export function describeError(error: unknown): FaultError {
  const { name, code, partial } = (error ?? {}) as {
    readonly name?: string
    readonly code?: string
    readonly partial?: { readonly text?: string }
  }
  return {
    outcome: 'error',
    name: name ?? typeof error,
    code,
    partialText: partial?.text,
    shown: `${inspect(error, { depth: 8 })}\n${asJson(error)}\n${error instanceof Error ? error.stack : ''}`,
  }
}

function asJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? ''
  } catch {
    return ''
  }
}
