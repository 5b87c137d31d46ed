import { BedrockRuntimeClient, type BedrockRuntimeClientConfig } from '@aws-sdk/client-bedrock-runtime'
import { NodeHttpHandler } from '@smithy/node-http-handler'

// The AWS SDK of 2026 says on every start that it will stop running on Node 20.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true'

/** The AWS SDK as its users make it; with `http1`, over its HTTP/1.1 handler instead of its default, HTTP/2. */
export function sdkClient(endpoint: string, config: BedrockRuntimeClientConfig & { readonly http1?: boolean } = {}) {
  const { http1 = false, ...rest } = config
  return new BedrockRuntimeClient({
    region: 'us-east-1',
    endpoint,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
    ...(http1 ? { requestHandler: new NodeHttpHandler() } : {}),
    ...rest,
  })
}
