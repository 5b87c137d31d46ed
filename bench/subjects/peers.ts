import { serveSubject } from './serve-subject.js'

// A program of its own, because its packages are installed for it alone.
await serveSubject({
  'AI SDK': async () => (await import('./ai-sdk.js')).openAiSdk,
  LangChain: async () => (await import('./langchain.js')).openLangChain,
})
