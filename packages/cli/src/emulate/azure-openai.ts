import { findModel } from '@duo-models/rules'
import { curl } from './curl.js'
import type { EmulatedPlatform } from './emulated-platform.js'
import { literal } from './literal.js'

const apiVersion = '2024-10-21'
const newestApiVersion = '2025-04-01-preview'
const exampleModel = 'gpt-4o'

/** Azure OpenAI: the catalog's models, each deployed under its name, or one model that is named. */
export const azureOpenAI: EmulatedPlatform = {
  platform: 'azure-openai',
  plan({ model: name }) {
    const model = name === undefined ? undefined : (findModel(name).model?.id ?? name)
    const deployment = model ?? exampleModel
    // Models that reason came after the newest version that is no preview.
    const version = /^(o\d|gpt-5)/.test(deployment) ? newestApiVersion : apiVersion
    return {
      options: { platform: 'azure-openai', model },
      what: `deployment ${deployment}${model === undefined ? " and the catalog's other models" : ''}`,
      instructions: (baseUrl, key) => {
        const apiKey = key === undefined ? "'any'" : `process.env.${key}`
        const path = `openai/deployments/${encodeURIComponent(deployment)}/chat/completions?api-version=${version}`
        const headers = [`api-key: ${key === undefined ? 'any' : `$${key}`}`]
        const body = { stream: true, messages: [{ role: 'user', content: 'Hello' }] }
        return [
          'openai for JavaScript, API versions by date:',
          `  new AzureOpenAI({ endpoint: '${baseUrl}', apiKey: ${apiKey}, apiVersion: '${version}', deployment: ${literal(deployment)} })`,
          'openai for JavaScript, v1 API:',
          `  new OpenAI({ baseURL: '${baseUrl}/openai/v1', apiKey: ${apiKey} })`,
          'Try it:',
          `  ${curl(`${baseUrl}/${path}`, headers, body)}`,
        ]
      },
    }
  },
}
