import type { ModelAdapter } from '../adapter.js'
import { ConfigurationError } from '../errors/configuration-error.js'
import { OpenAIFormatConnection } from '../openai-format/openai-format-connection.js'
import type { OpenAICompatibleAdapterOptions } from './openai-compatible-options.js'
import { OpenAICompatiblePlatform } from './openai-compatible-platform.js'

/**
 * Makes an adapter of a server that speaks the OpenAI format, such as llama.cpp or Ollama: transport, streaming,
 * cancellation, structured output and errors are those of the platforms that come with this package.
 *
 * @example
 * const llamaCpp = createOpenAICompatibleAdapter({ platform: 'llama-cpp' })
 * const client = createDuoModelClient(
 *   { platform: 'llama-cpp', model: 'codestral-22b-v0.1', endpoint: 'http://gpu-1:8080/v1' },
 *   { adapters: [llamaCpp] },
 * )
 *
 * @throws ConfigurationError for a platform without a name, or a header that cannot be sent.
 */
export function createOpenAICompatibleAdapter<Platform extends string>(
  options: OpenAICompatibleAdapterOptions<Platform>,
): ModelAdapter & { readonly platform: Platform } {
  const { platform, supportsRawPrompts = false } = options
  if (typeof platform !== 'string' || platform.trim() === '')
    throw new ConfigurationError({
      message: "createOpenAICompatibleAdapter needs 'platform', the word deployments name it by, such as 'llama-cpp'.",
    })
  const checked = { ...options, headers: readHeaders(options.headers) }
  return {
    platform,
    supportsRawPrompts,
    async connect(target, context) {
      return new OpenAIFormatConnection(await OpenAICompatiblePlatform.open(checked, target, context))
    },
  }
}

/** Names in lower case, so that none is sent twice. */
function readHeaders(headers: OpenAICompatibleAdapterOptions['headers'] = {}): Readonly<Record<string, string>> {
  const wrong = Object.keys(headers).find(
    (name) => !/^[\w!#$%&'*+.^`|~-]+$/.test(name) || !/^[\t\x20-\x7e]*$/.test(headers[name] ?? ''),
  )
  if (wrong !== undefined)
    throw new ConfigurationError({
      message: `createOpenAICompatibleAdapter has the header ${JSON.stringify(wrong)}, whose name or value HTTP cannot carry.`,
    })
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}
