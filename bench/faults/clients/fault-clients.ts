import { serveFaultClient } from './serve-fault-client.js'

await serveFaultClient({
  'duo-models': async () => (await import('./duo-models.js')).openDuoModels,
  openai: async () => (await import('./openai.js')).openOpenAI,
})
