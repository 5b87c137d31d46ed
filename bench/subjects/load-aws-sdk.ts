import { createRequire } from 'node:module'

/** The part of the AWS SDK that is used. It comes with the adapters, which are the only ones to depend on it. */
export interface AwsSdk {
  readonly BedrockRuntimeClient: new (options: object) => AwsSdkClient
  readonly ConverseCommand: new (input: object) => object
  readonly ConverseStreamCommand: new (input: object) => object
  /** Speaks HTTP/1.1, which costs the client less than its HTTP/2 does. */
  readonly NodeHttpHandler: new (
    options: object,
  ) => object
}

interface AwsSdkClient {
  send(command: object): Promise<{
    readonly output?: { readonly message?: { readonly content?: readonly { readonly text?: string }[] } }
    readonly stream?: AsyncIterable<{ readonly contentBlockDelta?: { readonly delta?: { readonly text?: string } } }>
  }>
  destroy(): void
}

/** Loads the official client. */
export function loadAwsSdk(): AwsSdk {
  // It warns about Node 20, which is no news here.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true'
  const fromAdapters = createRequire(createRequire(import.meta.url).resolve('@duo-models/adapters/package.json'))
  const sdk = fromAdapters('@aws-sdk/client-bedrock-runtime') as Omit<AwsSdk, 'NodeHttpHandler'>
  const fromSdk = createRequire(fromAdapters.resolve('@aws-sdk/client-bedrock-runtime'))
  const { NodeHttpHandler } = fromSdk('@smithy/node-http-handler') as Pick<AwsSdk, 'NodeHttpHandler'>
  return { ...sdk, NodeHttpHandler }
}
