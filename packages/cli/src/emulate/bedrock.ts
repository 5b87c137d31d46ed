import { catalog, findModel } from '@duo-models/rules'
import { curl } from './curl.js'
import type { EmulatedPlatform } from './emulated-platform.js'

const defaultRegion = 'us-east-1'
const exampleModel = 'anthropic.claude-3-5-sonnet-20241022-v2:0'

/** Amazon Bedrock: the catalog's models, and one more if it is named. */
export const bedrock: EmulatedPlatform = {
  platform: 'bedrock',
  plan({ model: name, region = defaultRegion }) {
    const documented = name === undefined ? undefined : modelIdOf(name, region)
    const modelId = documented ?? name ?? exampleModel
    return {
      options: { platform: 'bedrock', region, ...(documented === undefined ? { model: name } : {}) },
      what: `Region ${region}, model ${modelId}${name === undefined ? " and the catalog's others" : ''}`,
      instructions: (baseUrl, key) => [
        'AWS SDK for JavaScript:',
        `  new BedrockRuntimeClient({ endpoint: '${baseUrl}', region: '${region}', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } })`,
        'Every AWS SDK, by its environment:',
        `  export AWS_ENDPOINT_URL_BEDROCK_RUNTIME=${baseUrl} AWS_REGION=${region} AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test`,
        'Try it, with a Bedrock API key:',
        `  ${curl(`${baseUrl}/model/${encodeURIComponent(modelId)}/converse`, [authorization(key)], exampleBody)}`,
      ],
    }
  },
}

const exampleBody = { messages: [{ role: 'user', content: [{ text: 'Hello' }] }] }

/** Without a key of the user's, every key passes. */
function authorization(key: string | undefined): string {
  return `Authorization: Bearer ${key === undefined ? 'any' : `$${key}`}`
}

/** The Bedrock id of a catalog model: the one that is named, or the newest, by an inference profile where it needs one. */
function modelIdOf(name: string, region: string): string | undefined {
  const id = findModel(name).model?.id
  const serving = catalog.servings.find(({ model, platform }) => model === id && platform === 'bedrock')
  const models = serving?.bedrockModels ?? []
  if (models.some(({ modelId }) => name === modelId || name.endsWith(`.${modelId}`))) return name
  const newest = models.at(-1)
  if (newest === undefined) return undefined
  return newest.onDemand === 'only-with-profile' ? `${geographyOf(region)}.${newest.modelId}` : newest.modelId
}

/** The prefix of the inference profiles of a Region. */
function geographyOf(region: string): string {
  if (region.startsWith('us-gov-')) return 'us-gov'
  const area = region.slice(0, 3)
  return area === 'us-' ? 'us' : area === 'eu-' ? 'eu' : area === 'ap-' ? 'apac' : 'global'
}
