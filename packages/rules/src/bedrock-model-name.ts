import { rememberByText } from './remember-by-text.js'

/** A Bedrock model name taken apart. */
export interface BedrockModelName {
  /** Geography of the inference profile, such as `us` or `global`; absent for a base model id. */
  readonly geography?: string | undefined
  /** The base model id; absent for an ARN that does not hold one. */
  readonly baseId?: string | undefined
  /** AWS Region inside an ARN. */
  readonly arnRegion?: string | undefined
}

const pattern = /^(?:([a-z]{2,8}(?:-[a-z]{2,8})?)\.)?([a-z0-9-]+\.[a-z0-9][a-z0-9.:-]*)$/
const providers =
  /^(?:ai21|amazon|anthropic|cohere|deepseek|google|luma|meta|minimax|mistral|moonshot|nvidia|openai|qwen|stability|twelvelabs|writer|zai)\./

/** Reads a model id, an inference profile id or an ARN. */
export function parseBedrockModelName(text: string): BedrockModelName {
  const arn = !text.startsWith('arn:') ? null : /^arn:[a-z-]+:bedrock:([a-z0-9-]*):\d*:[a-z-]+\/(.+)$/.exec(text)
  const id = arn?.[2] ?? text
  const region = arn?.[1] === undefined || arn[1] === '' ? {} : { arnRegion: arn[1] }
  if (providers.test(id)) return { baseId: id, ...region }
  const match = pattern.exec(id)
  if (match?.[1] === undefined || !providers.test(match[2] ?? '')) return region
  return { geography: match[1], baseId: match[2], ...region }
}

/** The same for rules: of the ids that deployments share, each is taken apart once. The answer is shared. */
export const knownBedrockModelName: (text: string) => BedrockModelName | undefined =
  /* @__PURE__ */ rememberByText<BedrockModelName>(parseBedrockModelName)

/** Geography of the inference profiles that a Region belongs to, where that is documented. */
export function geographyOfRegion(region: string): 'us' | 'us-gov' | 'eu' | 'apac' | undefined {
  if (region.startsWith('us-gov-')) return 'us-gov'
  if (region.startsWith('us-')) return 'us'
  if (region.startsWith('eu-')) return 'eu'
  return region.startsWith('ap-') ? 'apac' : undefined
}

/** Regions whose documented example names the base model id. */
export const regionsWithoutProfiles: ReadonlySet<string> = new Set(['eu-west-2'])

const narrowGeographies: Readonly<Record<string, RegExp>> = {
  us: /^(?:us|ca)-(?!gov-)/,
  'us-gov': /^us-gov-/,
  eu: /^(?:eu|il)-/,
  apac: /^(?:ap|me)-/,
  jp: /^ap-northeast-[13]$/,
  au: /^ap-southeast-[246]$/,
  ca: /^ca-/,
}

/** Whether a profile of this geography can be called from a Region; `undefined` for a geography that is not known. */
export function geographyFits(geography: string, region: string): boolean | undefined {
  if (geography === 'global') return true
  return Object.hasOwn(narrowGeographies, geography) ? narrowGeographies[geography]?.test(region) : undefined
}

const profileOnly = /^(?:anthropic\.claude-(?:3-7|[a-z]+-\d)|meta\.llama(?:3-[1-9]|[4-9]))/

/** Whether a base model id belongs to the newer models that most Regions serve through an inference profile only. */
export function needsInferenceProfile(baseId: string): boolean {
  return profileOnly.test(baseId)
}
