import { ContextLengthError, ModelNotReadyError } from '@duo-models/adapters'
import { createOpenAICompatibleAdapter } from '@duo-models/adapters/openai-compatible'

/** An adapter of llama.cpp's `llama-server`: what the OpenAI format says, and the server's own words for two failures. */
export const llamaCppAdapter = createOpenAICompatibleAdapter({
  platform: 'llama-cpp',
  // llama-server takes special tokens in a prompt for what they are, so fill-in-the-middle models can be asked in their own way.
  supportsRawPrompts: true,
  errors: [
    {
      statuses: [503],
      words: /loading model/i,
      create: (options) => new ModelNotReadyError(options),
      advice: 'The server is reading the model from disk. Wait until GET /health says that it is ok.',
    },
    {
      words: /exceed_context_size_error|exceeds the available context size/i,
      create: (options) => new ContextLengthError(options),
      advice: 'Shorten the prompt, or start llama-server with a larger --ctx-size.',
    },
  ],
})
