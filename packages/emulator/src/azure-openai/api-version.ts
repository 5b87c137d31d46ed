/** The dated API versions that were public in 2025. */
export const publicApiVersions = [
  '2023-05-15',
  '2023-12-01-preview',
  '2024-02-01',
  '2024-02-15-preview',
  '2024-03-01-preview',
  '2024-04-01-preview',
  '2024-05-01-preview',
  '2024-06-01',
  '2024-07-01-preview',
  '2024-08-01-preview',
  '2024-09-01-preview',
  '2024-10-01-preview',
  '2024-10-21',
  '2024-12-01-preview',
  '2025-01-01-preview',
  '2025-02-01-preview',
  '2025-03-01-preview',
  '2025-04-01-preview',
] as const

/** Which API a request came by: `v1`, or a dated version. */
export type ApiVersion = 'v1' | (string & {})

/** Features that came with a version. */
export type ApiFeature = keyof typeof since

/** The first version of each. Dates compare as text, and a GA version comes after the previews before its date. */
const since = {
  tools: '2023-12-01',
  responseFormat: '2023-12-01',
  asynchronousFilter: '2024-02-01',
  jsonSchema: '2024-08-01',
  streamOptions: '2024-09-01',
  maxCompletionTokens: '2024-09-01',
  reasoningModels: '2024-12-01',
  obfuscation: '2025-01-01',
} as const

/** Whether a version has a feature. The v1 API has all of them. */
export function hasFeature(version: ApiVersion, feature: ApiFeature): boolean {
  return version === 'v1' || version.slice(0, '2024-10-21'.length) >= since[feature]
}
