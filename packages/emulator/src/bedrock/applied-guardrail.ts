import type { EmulatedGuardrail } from './bedrock-emulator-options.js'
import { validationError } from './bedrock-request-error.js'
import type { BedrockServerState } from './bedrock-server-state.js'

/** A guardrail that a request names. */
export interface AppliedGuardrail {
  readonly identifier: string
  readonly guardrail: EmulatedGuardrail
  /** Whether the answer tells what was found. */
  readonly traced: boolean
}

/** What a guardrail found in a text. */
export interface GuardrailAssessment {
  readonly wordPolicy: { readonly customWords: readonly { readonly action: 'BLOCKED'; readonly match: string }[] }
}

const defaultMessage = 'Sorry, the model cannot answer this question.'

/** The guardrail with an identifier or ARN, or the exception AWS answers when there is none. */
export function applyGuardrail(
  identifier: string | undefined,
  version: string | undefined,
  trace: string | undefined,
  { guardrails }: BedrockServerState,
): AppliedGuardrail | undefined {
  if (identifier === undefined) return undefined
  const id = identifier.slice(identifier.lastIndexOf('/') + 1)
  const guardrail = guardrails.get(id)
  if (guardrail === undefined || version === undefined || !/^(DRAFT|[1-9]\d{0,7})$/.test(version))
    throw validationError('The guardrail identifier or version provided in the request does not exist.')
  return { identifier: id, guardrail, traced: trace === 'enabled' || trace === 'enabled_full' }
}

/** What a guardrail blocks in a text, or `undefined`. */
export function assess({ guardrail }: AppliedGuardrail, text: string): GuardrailAssessment | undefined {
  const lower = text.toLowerCase()
  const found = guardrail.blockedWords.filter((word) => lower.includes(word.toLowerCase()))
  if (found.length === 0) return undefined
  return { wordPolicy: { customWords: found.map((match) => ({ action: 'BLOCKED', match })) } }
}

/** What is said in place of a prompt's answer, or of an answer. */
export function blockedMessage({ guardrail }: AppliedGuardrail, side: 'input' | 'output'): string {
  const message = side === 'input' ? guardrail.blockedInputMessage : guardrail.blockedOutputMessage
  return message ?? defaultMessage
}
