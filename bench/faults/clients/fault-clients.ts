import { serveFaultClient } from './serve-fault-client.js'

await serveFaultClient({
  'duo-models': async () => (await import('./duo-models.js')).openDuoModels,
  'duo-models, Azure OpenAI': async () => (await import('./duo-models-on-azure.js')).openDuoModelsOnAzure,
  'duo-models, Bedrock': async () => (await import('./duo-models-on-bedrock.js')).openDuoModelsOnBedrock,
  'AWS SDK': async () => (await import('./aws-sdk.js')).openAwsSdk,
  openai: async () => (await import('./openai.js')).openOpenAI,
})
