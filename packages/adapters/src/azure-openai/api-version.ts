/** The API a deployment is called by: the v1 API, or a dated one. */
export interface ApiVersion {
  readonly isV1: boolean
  /** The value of `api-version`; absent where none is sent. */
  readonly query?: string
  /** As messages name it. */
  readonly name: string
  /** Whether it takes `stream_options` and `max_completion_tokens`, which came with 2024-09-01-preview. */
  readonly isRecent: boolean
}

/** The newest dated version that is no preview. */
export const newestStableVersion = '2024-10-21'

const recent = '2024-09-01'

/** Reads `apiVersion`; `undefined` where it is no version. */
export function readApiVersion(text: string | undefined): ApiVersion | undefined {
  if (text === undefined || text === 'v1') return { isV1: true, name: 'v1', isRecent: true }
  if (text === 'preview' || text === 'latest') return { isV1: true, query: text, name: `v1 ${text}`, isRecent: true }
  if (!/^20\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?:-preview)?$/.test(text)) return undefined
  return { isV1: false, query: text, name: text, isRecent: text.slice(0, recent.length) >= recent }
}
