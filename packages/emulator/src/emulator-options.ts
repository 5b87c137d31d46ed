import type { AzureOpenAIEmulatorOptions } from './azure-openai/azure-openai-emulator-options.js'
import type { BedrockEmulatorOptions } from './bedrock/bedrock-emulator-options.js'
import type { VllmEmulatorOptions } from './vllm/vllm-emulator-options.js'

/** How to start an emulator: `platform` decides which other options there are. Everything but `platform` has a default. */
export type EmulatorOptions = VllmEmulatorOptions | BedrockEmulatorOptions | AzureOpenAIEmulatorOptions

/** The platforms an emulator exists for. */
export type EmulatorPlatform = EmulatorOptions['platform']
