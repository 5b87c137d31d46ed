import type { Fix } from '../finding.js'
import { longestIdentifier } from '../gitlab-identifier.js'

/** The fix that writes another identifier; without a patch where GitLab would refuse its length. */
export function replaceIdentifier(value: string, description: string): Fix {
  return value.length > longestIdentifier
    ? { description }
    : { description, patch: [{ op: 'replace', path: '/identifier', value }] }
}
