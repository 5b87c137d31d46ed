/** What one stream brought. */
export interface StreamResult {
  /** Characters of text. */
  readonly characters: number
  /** Reads that reached the client, where it can tell. */
  readonly reads?: number | undefined
}

/** A stream that is held open. */
export interface HeldStream {
  close(): void
}

/** A client that is measured. */
export interface Subject {
  /** Reads one streamed answer to its end. */
  stream(): Promise<StreamResult>
  /** Asks for a whole answer and returns its text. */
  generate(): Promise<string>
  /** Opens a stream, reads its first events and waits for more. */
  hold(): Promise<HeldStream>
  close(): Promise<void>
}

/** Makes a subject for an endpoint, which ends in `/v1`. */
export type OpenSubject = (endpoint: string) => Promise<Subject>

/** What every subject asks. */
export const messages = [
  { role: 'system' as const, content: 'You are a helpful assistant for developers.' },
  { role: 'user' as const, content: 'Write a function that merges two sorted lists, and explain it.' },
]

/** The body of the bare clients. */
export function requestBody(stream: boolean): string {
  return JSON.stringify({
    model: 'mistral-small',
    messages,
    max_tokens: 4096,
    temperature: 0.2,
    ...(stream && { stream: true, stream_options: { include_usage: true, continuous_usage_stats: true } }),
  })
}
