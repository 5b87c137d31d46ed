import { relative } from 'node:path'
import { cwd } from 'node:process'
import { fileURLToPath } from 'node:url'
import { createDuoModelClient, type DuoModelClient } from '@duo-models/core'
import { readConfigurationFile } from '@duo-models/core/configuration-file'
import { type Emulator, startEmulator } from '@duo-models/emulator'
import { checkConfig, type DuoModelsConfiguration, type FeatureId, type Report } from '@duo-models/rules'
import type { Arguments } from './read-arguments.js'
import { note } from './terminal.js'

/** What the quickstart works with: a configuration, what the rules say about it, and the servers it needs. */
export interface Setup extends AsyncDisposable {
  readonly report: Report
  readonly isEmulated: boolean
  /** Whether some deployment may serve the feature. */
  serves(feature: FeatureId): boolean
  createClient(): DuoModelClient
}

const exampleFile = fileURLToPath(new URL('./duo-models.yaml', import.meta.url))

/** Brings up what the command line asks for: somebody's own server or file, or the example with emulated servers. */
export async function createSetup({ endpoint, model, servedName, config }: Arguments): Promise<Setup> {
  const apiKey = process.env['VLLM_API_KEY']
  if (endpoint !== undefined) return setUp({ platform: 'vllm', model, endpoint, servedModelName: servedName, apiKey })
  if (config !== undefined) return setUp((await readConfigurationFile(config)).input)
  const { input } = await readConfigurationFile(exampleFile)
  note(relative(cwd(), exampleFile))
  return setUpEmulated(input as ExampleConfiguration)
}

interface ExampleConfiguration {
  readonly deployments: Readonly<Record<string, { readonly servedModelName: string; endpoint: string }>>
}

/** Starts one emulated server per deployment of the example and points the configuration at it. */
async function setUpEmulated(input: ExampleConfiguration): Promise<Setup> {
  const emulators: Emulator[] = []
  for (const deployment of Object.values(input.deployments)) {
    const emulator = await startEmulator({ platform: 'vllm', servedModelName: deployment.servedModelName })
    deployment.endpoint = emulator.baseUrl
    emulators.push(emulator)
  }
  return setUp(input, emulators)
}

function setUp(input: unknown, emulators: readonly Emulator[] = []): Setup {
  const report = checkConfig(input)
  return {
    report,
    isEmulated: emulators.length > 0,
    serves: (feature) => Object.values(report.deployments).some(({ features }) => feature in features),
    createClient: () => createDuoModelClient(input as DuoModelsConfiguration),
    [Symbol.asyncDispose]: async () => {
      await Promise.all(emulators.map((emulator) => emulator.close()))
    },
  }
}
