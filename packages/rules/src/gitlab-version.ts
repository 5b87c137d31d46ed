/** A GitLab version taken apart: major, minor, patch. */
export type GitLabVersion = readonly [major: number, minor: number, patch: number]

const pattern = /^v?(\d{1,4})\.(\d{1,4})(?:\.(\d{1,4}))?(?:[-+][0-9A-Za-z.-]*)?$/

/**
 * Reads a GitLab version such as `18.2`, `v18.1.2` or `18.2.1-ee`. A missing patch is 0.
 * @returns `undefined` for anything else
 */
export function parseGitLabVersion(text: string): GitLabVersion | undefined {
  const match = pattern.exec(text)
  if (match === null) return undefined
  return [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)]
}

/** Orders two GitLab versions: negative when `a` is older, 0 when equal, positive when newer. */
export function compareGitLabVersions(a: GitLabVersion, b: GitLabVersion): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2]
}
