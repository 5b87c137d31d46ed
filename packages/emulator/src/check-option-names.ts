import type { CommonEmulatorOptions } from './common-emulator-options.js'
import { EmulatorError } from './emulator-error.js'
import type { EmulatorOptions, EmulatorPlatform } from './emulator-options.js'

type OptionsOf<Platform extends EmulatorPlatform> = Extract<EmulatorOptions, { platform: Platform }>
type OwnOption<Platform extends EmulatorPlatform> = Exclude<
  keyof OptionsOf<Platform>,
  keyof CommonEmulatorOptions | 'platform'
>

const commonOptions = {
  apiKey: true,
  port: true,
  host: true,
  seed: true,
  speed: true,
  faults: true,
  respond: true,
  keepAliveTimeoutMs: true,
} as const satisfies Readonly<Record<keyof CommonEmulatorOptions, true>>

/** Beside the common ones. The types make sure that none is forgotten. */
const ownOptions: { readonly [Platform in EmulatorPlatform]: Readonly<Record<OwnOption<Platform>, true>> } = {
  vllm: {
    model: true,
    servedModelName: true,
    version: true,
    machine: true,
    maxModelLength: true,
    maxNumSeqs: true,
    maxNumBatchedTokens: true,
    gpuMemoryUtilization: true,
    schedulingPolicy: true,
    enablePrefixCaching: true,
    autoToolChoice: true,
  },
  bedrock: {
    region: true,
    credentials: true,
    verifySignature: true,
    model: true,
    models: true,
    guardrails: true,
    clockOffsetMs: true,
  },
  'azure-openai': {
    model: true,
    deployments: true,
    apiVersions: true,
    entraToken: true,
    keyAuthentication: true,
    contentFilter: true,
    filteredWords: true,
    innerErrorSpelling: true,
  },
}

/** Throws `EmulatorError` (`invalid-option`) for an option the platform does not have, and says which one has it. */
export function checkOptionNames(options: EmulatorOptions): void {
  const { platform } = options
  const known = ['platform', ...Object.keys(commonOptions), ...Object.keys(ownOptions[platform])]
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || known.includes(name)) continue
    const owner = platformsWith(name)
    const where = owner.length > 0 ? `It is one of platform ${owner.join(' and ')}. ` : ''
    throw new EmulatorError(
      'invalid-option',
      `${JSON.stringify(name.slice(0, 100))} is no option of platform "${platform}". ${where}Options here: ${known.join(', ')}.`,
    )
  }
}

function platformsWith(name: string): readonly string[] {
  return Object.entries(ownOptions)
    .filter(([, options]) => Object.hasOwn(options, name))
    .map(([platform]) => `"${platform}"`)
}
