import { defineRule } from '../rule.js'
import { serverFactsOf } from '../server-facts.js'

/** The server is started with neither a chat template nor a served model name. */
export const vllmChatTemplateMissing = defineRule({
  id: 'vllm-chat-template-missing',
  severity: 'warning',
  scope: 'deployment',
  platforms: ['vllm'],
  needs: ['server.serveArgs'],
  description: 'The server is started with neither a chat template nor a served model name.',
  sources: [{ source: 'troubleshooting-page' }],
  check: ({ platform, settings }) => {
    const options = platform === 'vllm' ? serverFactsOf(settings).serveArguments?.options : undefined
    if (options === undefined || options.has('chat-template') || options.has('served-model-name')) return undefined
    return {
      message: 'serveArgs holds neither --chat-template nor --served-model-name; the chat route may then answer 404.',
      path: '/server/serveArgs',
      fix: { description: 'Add --served-model-name, and --chat-template for a model whose tokenizer has none.' },
    }
  },
})
