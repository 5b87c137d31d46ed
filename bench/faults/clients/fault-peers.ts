import { serveFaultClient } from './serve-fault-client.js'

// A program of its own, because its packages are installed for it alone.
await serveFaultClient({
  'AI SDK': async () => (await import('./ai-sdk.js')).openAiSdk,
  LangChain: async () => (await import('./langchain.js')).openLangChain,
})
