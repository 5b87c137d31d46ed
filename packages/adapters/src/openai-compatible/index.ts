export { createOpenAICompatibleAdapter } from './create-openai-compatible-adapter.js'
export type { OpenAICompatibleAdapterOptions, ServerErrorRule } from './openai-compatible-options.js'
