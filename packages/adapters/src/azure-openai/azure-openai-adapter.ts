import type { ModelAdapter } from '../adapter.js'
import { ConfigurationError } from '../errors/configuration-error.js'
import { OpenAIFormatConnection } from '../openai-format/openai-format-connection.js'
import { AzureOpenAIPlatform, type TokenSource } from './azure-openai-platform.js'
import type { TokenCredential } from './token-credential.js'

/** How requests to Azure OpenAI prove who sends them, where a deployment has no `apiKey`. */
export interface AzureOpenAIAdapterOptions {
  /** Gives Microsoft Entra ID tokens. Left out, every deployment needs an `apiKey`. A deployment's `apiKey` wins. */
  readonly credential?: TokenCredential | undefined
  /**
   * What tokens are asked for. Azure Government and Azure operated by 21Vianet have scopes of their own.
   * @default 'https://cognitiveservices.azure.com/.default'
   */
  readonly scope?: string | undefined
}

/** An adapter for deployments whose `platform` is `azure-openai`. */
export type AzureOpenAIAdapter = ModelAdapter & { readonly platform: 'azure-openai' }

const defaultScope = 'https://cognitiveservices.azure.com/.default'

/**
 * Makes an adapter of Azure OpenAI that uses Microsoft Entra ID. A token is asked for by the first request, shared by all,
 * renewed five minutes before it expires, and replaced where the resource refuses one that is older than a minute.
 *
 * @example
 * const credential = new DefaultAzureCredential()
 * const client = createDuoModelClient(config, { adapters: [createAzureOpenAIAdapter({ credential })] })
 *
 * @throws ConfigurationError for a credential without `getToken`, or an empty scope.
 */
export function createAzureOpenAIAdapter(options: AzureOpenAIAdapterOptions = {}): AzureOpenAIAdapter {
  const tokens = readTokenSource(options)
  return {
    platform: 'azure-openai',
    supportsRawPrompts: false,
    async connect(target, context) {
      return new OpenAIFormatConnection(await AzureOpenAIPlatform.open(target, context, tokens))
    },
  }
}

/** The adapter of Azure OpenAI with API keys. undici is loaded with the first connection. */
export const azureOpenAIAdapter: AzureOpenAIAdapter = createAzureOpenAIAdapter()

function readTokenSource({ credential, scope = defaultScope }: AzureOpenAIAdapterOptions): TokenSource | undefined {
  if (credential === undefined) return undefined
  // The type says so, but configuration code is often JavaScript.
  if (typeof (credential as Partial<TokenCredential> | null)?.getToken !== 'function')
    throw refuse("'credential' has no method getToken. Pass a TokenCredential, such as new DefaultAzureCredential().")
  if (typeof scope !== 'string' || scope.trim() === '')
    throw refuse(`'scope' is empty. Leave it out for ${defaultScope}.`)
  return { credential, scope }
}

function refuse(problem: string): ConfigurationError {
  return new ConfigurationError({
    message: `createAzureOpenAIAdapter cannot be used: ${problem}`,
    platform: 'azure-openai',
  })
}
