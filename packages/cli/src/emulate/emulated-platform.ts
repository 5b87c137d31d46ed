import type { EmulatorOptions, EmulatorPlatform } from '@duo-models/emulator'

/** What a user asked for, beside the options every emulator takes. */
interface EmulationRequest {
  /** The model as the user named it; `undefined` for the platform's own choice. */
  readonly model: string | undefined
  /** The AWS Region, which only Amazon Bedrock has. */
  readonly region: string | undefined
}

/** An emulator to start, and how to talk to it. */
export interface Emulation {
  readonly options: EmulatorOptions
  /** What runs there, in a few words. */
  readonly what: string
  /** How to point clients at it, line by line. `key` is a shell variable with the key, if one is demanded. */
  instructions(baseUrl: string, key: string | undefined): readonly string[]
}

/** How the command line emulates one platform. */
export interface EmulatedPlatform {
  readonly platform: EmulatorPlatform
  plan(request: EmulationRequest): Emulation
}
