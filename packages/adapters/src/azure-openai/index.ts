export {
  type AzureOpenAIAdapter,
  type AzureOpenAIAdapterOptions,
  azureOpenAIAdapter,
  createAzureOpenAIAdapter,
} from './azure-openai-adapter.js'
export type { AccessToken, TokenCredential } from './token-credential.js'
