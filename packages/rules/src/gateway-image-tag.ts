import { type GitLabVersion, parseGitLabVersion } from './gitlab-version.js'

/** The tag of an image reference: what follows the last colon, or the whole text when it is a tag alone. */
export function tagOf(imageTag: string): string {
  const lastSegment = imageTag.slice(imageTag.lastIndexOf('/') + 1)
  return lastSegment.slice(lastSegment.lastIndexOf(':') + 1)
}

/** The GitLab version inside a tag such as `self-hosted-v18.2.1-ee`. */
export function versionOfTag(imageTag: string): GitLabVersion | undefined {
  const match = /(?:^|-)v?(\d{1,4}\.\d{1,4}\.\d{1,4})(?:-|$)/.exec(tagOf(imageTag))
  return match?.[1] === undefined ? undefined : parseGitLabVersion(match[1])
}
