import { serveSubject } from './serve-subject.js'

await serveSubject({
  'bare undici': async () => (await import('./bare-undici.js')).openBareUndici,
  'bare node:http': async () => (await import('./bare-http.js')).openBareHttp,
  'duo-models': async () => (await import('./duo-models.js')).openDuoModels,
  openai: async () => (await import('./openai.js')).openOpenAI,
  'each by itself': async () => (await import('./code-completions.js')).openSeparateCompletions,
  gathered: async () => (await import('./code-completions.js')).openGatheredCompletions,
  'bare node:http, Bedrock': async () => (await import('./bedrock-bare-http.js')).openBareHttpOnBedrock,
  'bare undici, Bedrock': async () => (await import('./bedrock-bare-undici.js')).openBareUndiciOnBedrock,
  'duo-models, Bedrock': async () => (await import('./bedrock-duo-models.js')).openDuoModelsOnBedrock,
  'AWS SDK': async () => (await import('./bedrock-aws-sdk.js')).openAwsSdk,
})
