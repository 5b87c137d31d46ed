const identifier = /^(?:[a-z0-9]+|arn:aws(?:-[^:]+)?:bedrock:[a-z0-9-]{1,20}:\d{12}:guardrail\/[a-z0-9]+)$/
const version = /^(?:DRAFT|[1-9]\d{0,7})?$/
const knownKeys: readonly string[] = ['guardrailIdentifier', 'guardrailVersion', 'trace']

/** What is wrong with a guardrail configuration of the AI gateway; `undefined` when nothing is. */
export function guardrailProblem(written: string): string | undefined {
  const config = parseObject(written)
  if (config === undefined) return 'it is no JSON object'
  const unknown = Object.keys(config).find((key) => !knownKeys.includes(key))
  if (unknown !== undefined) return 'it has a key other than guardrailIdentifier, guardrailVersion and trace'
  const { guardrailIdentifier, guardrailVersion = '', trace } = config
  if (typeof guardrailIdentifier !== 'string' || !identifier.test(guardrailIdentifier))
    return 'guardrailIdentifier is neither a short id nor the ARN of a guardrail'
  if (typeof guardrailVersion !== 'string' || !version.test(guardrailVersion))
    return 'guardrailVersion is neither empty, nor DRAFT, nor a number of up to 8 digits'
  if (trace !== undefined && trace !== 'enabled' && trace !== 'disabled') return 'trace is neither enabled nor disabled'
  return undefined
}

function parseObject(text: string): Readonly<Partial<Record<string, unknown>>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
  } catch {
    return undefined
  }
}
