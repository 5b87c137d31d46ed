import { createRequire } from 'node:module'
import { converseInput, modelId } from './converse-request.js'
import type { Subject } from './subject.js'

/** The part of the SDK that is used. It comes with the adapters, which are the only ones to depend on it. */
interface Sdk {
  readonly BedrockRuntimeClient: new (options: object) => SdkClient
  readonly ConverseCommand: new (input: object) => object
  readonly ConverseStreamCommand: new (input: object) => object
}

interface SdkClient {
  send(command: object): Promise<{
    readonly output?: { readonly message?: { readonly content?: readonly { readonly text?: string }[] } }
    readonly stream?: AsyncIterable<{ readonly contentBlockDelta?: { readonly delta?: { readonly text?: string } } }>
  }>
  destroy(): void
}

interface HttpHandlers {
  readonly NodeHttpHandler: new (options: object) => object
}

/** The official client over HTTP/1.1, which costs it less than HTTP/2 does. */
export async function openAwsSdk(endpoint: string): Promise<Subject> {
  // It warns about Node 20, which is no news here.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true'
  const fromAdapters = createRequire(createRequire(import.meta.url).resolve('@duo-models/adapters/package.json'))
  const sdk = fromAdapters('@aws-sdk/client-bedrock-runtime') as Sdk
  const fromSdk = createRequire(fromAdapters.resolve('@aws-sdk/client-bedrock-runtime'))
  const { NodeHttpHandler } = fromSdk('@smithy/node-http-handler') as HttpHandlers
  const client = new sdk.BedrockRuntimeClient({
    region: 'us-east-1',
    endpoint,
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler({ httpAgent: { keepAlive: true, maxSockets: 20_000 } }),
  })
  const input = { ...converseInput, modelId }
  return {
    stream: async () => {
      let characters = 0
      const { stream = [] } = await client.send(new sdk.ConverseStreamCommand(input))
      for await (const { contentBlockDelta } of stream) characters += contentBlockDelta?.delta?.text?.length ?? 0
      return { characters }
    },
    generate: async () => {
      const { output } = await client.send(new sdk.ConverseCommand(input))
      return output?.message?.content?.[0]?.text ?? ''
    },
    hold: () => Promise.reject(new Error('Streams of Bedrock are not held open here.')),
    close: async () => client.destroy(),
  }
}
