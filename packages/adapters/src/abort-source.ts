/**
 * The part of an `AbortSignal` that a transport needs; every signal is one. The client offers a lighter one beside the
 * signal of a call: Node 20 keeps a signal, and all that listens to it, alive through several garbage collections, which
 * for a short answer costs more than anything else on this side.
 */
export interface AbortSource {
  /** Whether it has fired. */
  readonly aborted: boolean
  /** Why. */
  readonly reason: unknown
  /** Calls `listener` once when it fires; not at all where it already has. */
  addEventListener(type: 'abort', listener: () => void, options: { readonly once: true }): void
  /** Takes that back. */
  removeEventListener(type: 'abort', listener: () => void): void
}
