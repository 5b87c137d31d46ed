import { asString, isJsonObject, parseJson } from '../openai-format/json.js'

/** A version of the server, ordered as PEP 440 says. */
export interface VllmVersion {
  /** As the server or the configuration says it, such as `0.6.4.post1`. */
  readonly text: string
  /** Whether it is this release or a newer one. */
  isAtLeast(release: string): boolean
}

/**
 * Reads a version. The rules package, which knows how versions of the Python world are ordered, is loaded on first use.
 * @returns `undefined` for a text that is no version
 */
export async function parseVllmVersion(text: string): Promise<VllmVersion | undefined> {
  const { comparePep440, parsePep440 } = await import('@duo-models/rules')
  const version = parsePep440(text)
  if (!version) return undefined
  const isAtLeast = (release: string): boolean => {
    const other = parsePep440(release)
    return other !== undefined && comparePep440(version, other) >= 0
  }
  return { text: text.trim(), isAtLeast }
}

/** The version in the body of `GET /version`; `undefined` where it holds none. */
export function readVersionText(body: string): string | undefined {
  const json = parseJson(body)
  return isJsonObject(json) ? asString(json['version']) : undefined
}
