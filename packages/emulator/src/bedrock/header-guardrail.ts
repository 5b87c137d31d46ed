import type { IncomingHttpHeaders } from 'node:http'
import { type AppliedGuardrail, applyGuardrail } from './applied-guardrail.js'
import type { BedrockServerState } from './bedrock-server-state.js'

/** The guardrail that the headers of InvokeModel name. */
export function headerGuardrail(headers: IncomingHttpHeaders, state: BedrockServerState): AppliedGuardrail | undefined {
  const value = (name: string) => {
    const header = headers[`x-amzn-bedrock-${name}`]
    return Array.isArray(header) ? header[0] : header
  }
  const trace = value('trace')?.toLowerCase()
  return applyGuardrail(value('guardrailidentifier'), value('guardrailversion'), trace, state)
}
