// What duo-models does, in one go: checks a configuration, streams a chat answer, completes code.
// Without arguments everything runs on this machine, against an emulated vLLM server: no GPU, no keys.
import { exit } from 'node:process'
import { DuoModelError } from '@duo-models/core'
import { ask } from './ask.js'
import { checkConfiguration } from './check-configuration.js'
import { completeCode } from './complete-code.js'
import { readArguments, usage } from './read-arguments.js'
import { createSetup } from './setup.js'
import { printNextSteps, step } from './terminal.js'

const options = readArguments()
if (options.help) {
  console.log(usage)
  exit(0)
}

try {
  step('Checking the configuration')
  await using setup = await createSetup(options)
  checkConfiguration(setup.report)
  await using client = setup.createClient()
  if (setup.serves('duo-chat')) {
    step('Streaming a chat answer')
    await ask(client)
  }
  if (setup.serves('code-completion')) {
    step('Completing code between a prefix and a suffix')
    await completeCode(client)
  }
  printNextSteps(setup.isEmulated)
} catch (error) {
  if (!DuoModelError.is(error)) throw error
  console.error(`\n${error.name} (${error.code}): ${error.message}`)
  exit(1)
}
