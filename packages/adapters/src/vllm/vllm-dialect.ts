import type { AdapterRequest } from '../adapter-request.js'
import type { ResponseFormat } from '../message.js'
import type { VllmVersion } from './vllm-version.js'

/** A member of a request that this version of the server refuses or, worse, ignores. */
export interface DialectProblem {
  /** The member, in vLLM's spelling. */
  readonly parameter: string
  /** What is wrong and what to do, as sentences. */
  readonly explanation: string
}

/** From when to when a release of vLLM knows a member. Releases outside ignore it, or refuse it up to 0.6.4. */
interface MemberLife {
  readonly since?: string
  readonly until?: string
  readonly instead: string
}

const guided: MemberLife = { until: '0.12.0', instead: "Use 'structured_outputs', or 'responseFormat' of the request." }

/** Sources: vLLM pull requests 29326 (guided), 22772 (structured_outputs), 29090 (best_of), 17045 and 20981 (cache_salt). */
const memberLives: Readonly<Record<string, MemberLife>> = {
  guided_json: guided,
  guided_regex: guided,
  guided_choice: guided,
  guided_grammar: guided,
  structured_outputs: { since: '0.11.0', instead: "Use 'guided_…', or 'responseFormat' of the request." },
  best_of: { until: '0.12.0', instead: "Use 'n', or leave it out." },
  cache_salt: { since: '0.9.0', instead: 'Update the server: without it, prompts of different users share a cache.' },
}

/** `tool_choice: "required"` came with the 0.8 releases (vLLM pull request 13483). */
const requiredToolChoiceSince = '0.8.0'
/** From here on `structured_outputs` is known (vLLM pull request 22772). */
const structuredOutputsSince = '0.11.0'

/** Whether the version of the server decides how this request is written. */
export function dependsOnVersion(request: AdapterRequest): boolean {
  const options = request.platformOptions
  if (options && Object.keys(options).some((name) => Object.hasOwn(memberLives, name))) return true
  if (request.kind !== 'chat') return false
  return request.toolChoice === 'required' || constraintOf(request.responseFormat) !== undefined
}

/** The member this version has for a form that the OpenAI format cannot express. */
export function dialectMembers(request: AdapterRequest, version: VllmVersion | undefined): Record<string, unknown> {
  const constraint = request.kind === 'chat' ? constraintOf(request.responseFormat) : undefined
  if (!constraint) return {}
  const [name, value] = constraint
  const structured = { structured_outputs: { [name]: value } }
  const before = { [`guided_${name}`]: value }
  // Every release from 0.6.5 on knows one of the two and ignores the other; 0.11 knows both.
  if (!version) return { ...before, ...structured }
  return version.isAtLeast(structuredOutputsSince) ? structured : before
}

/** The first member of the request that this version would refuse or ignore. */
export function findDialectProblem(request: AdapterRequest, version: VllmVersion): DialectProblem | undefined {
  if (request.kind === 'chat' && request.toolChoice === 'required' && !version.isAtLeast(requiredToolChoiceSince)) {
    const explanation = `The server is vLLM ${version.text}, and tool_choice "required" needs ${requiredToolChoiceSince} or newer. Update the server, or name the tool: toolChoice { tool: '…' }.`
    return { parameter: 'tool_choice', explanation }
  }
  for (const name of Object.keys(request.platformOptions ?? {})) {
    const life = Object.hasOwn(memberLives, name) ? memberLives[name] : undefined
    const explanation = life && explain(name, life, version)
    if (explanation !== undefined) return { parameter: name, explanation }
  }
  return undefined
}

function explain(name: string, { since, until, instead }: MemberLife, version: VllmVersion): string | undefined {
  const server = `The server is vLLM ${version.text}`
  if (since !== undefined && !version.isAtLeast(since))
    return `${server}, and '${name}' needs ${since} or newer; older ones refuse or ignore it. ${instead}`
  if (until !== undefined && version.isAtLeast(until))
    return `${server}, and '${name}' is ignored from ${until} on. ${instead}`
  return undefined
}

function constraintOf(format: ResponseFormat | undefined): readonly [name: string, value: unknown] | undefined {
  if (format?.type === 'regex') return ['regex', format.pattern]
  if (format?.type === 'choice') return ['choice', format.choices]
  if (format?.type === 'grammar') return ['grammar', format.grammar]
  return undefined
}
