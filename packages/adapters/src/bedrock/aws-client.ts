import type { BedrockRuntimeClient, BedrockRuntimeClientConfig } from '@aws-sdk/client-bedrock-runtime'
import type { BedrockOptions, Refuse } from './bedrock-options.js'

type SdkConfig = BedrockRuntimeClient['config']
type SdkModule = typeof import('@aws-sdk/client-bedrock-runtime')
type SdkRequestSigner = Awaited<ReturnType<SdkConfig['signer']>>

/** Credentials of AWS: those of a key pair, and a session token where they are temporary. */
export type AwsCredentials = Awaited<ReturnType<SdkConfig['credentials']>>

/** Where credentials were to come from, for messages. */
export interface CredentialSource {
  readonly profile: string | undefined
}

/** The parts of the SDK that sign requests. */
export interface AwsSigner {
  readonly source: CredentialSource
  /** The credentials; renewed by the SDK before they expire, and at once with `forceRefresh`. */
  credentials(options?: { readonly forceRefresh?: boolean }): Promise<AwsCredentials>
  /** Signs a request; the headers named are sent and not signed. */
  sign(
    request: Parameters<SdkRequestSigner['sign']>[0],
    options: { readonly signingDate: Date; readonly unsignableHeaders: Set<string> },
  ): ReturnType<SdkRequestSigner['sign']>
}

/** What the SDK has found out about an endpoint. */
export interface AwsClient {
  readonly region: string
  /** Scheme, host and port. */
  readonly origin: string
  /** The path in front of every route, without a slash at its end. */
  readonly basePath: string
  readonly signer: AwsSigner
  close(): void
}

/**
 * Loads the AWS SDK, and has it find the Region, the endpoint (public, FIPS, dual-stack, or configured) and the way to
 * the credentials. Nothing is sent.
 * @throws ConfigurationError where there is no Region, or no endpoint that fits the settings.
 */
export async function openAwsClient(options: BedrockOptions, refuse: Refuse): Promise<AwsClient> {
  const sdk = await import('@aws-sdk/client-bedrock-runtime')
  const client = withoutVersionWarning(() => new sdk.BedrockRuntimeClient(sdkConfig(options)))
  const region = await findRegion(client, options, refuse)
  const url = await findEndpoint(sdk, options, refuse)
  const { config } = client
  const signer = await config.signer({ name: 'sigv4', signingName: 'bedrock', signingRegion: region, properties: {} })
  return {
    region,
    origin: url.origin,
    basePath: url.pathname.replace(/\/+$/, ''),
    signer: {
      source: { profile: options.profile },
      credentials: (identityOptions) => config.credentials(identityOptions),
      sign: (request, signingOptions) => signer.sign(request, signingOptions),
    },
    close: () => client.destroy(),
  }
}

/** The SDK would print to the console which of two sources of credentials it takes. */
const silentLogger = { debug: ignore, info: ignore, warn: ignore, error: ignore }

function ignore(): void {}

function sdkConfig(options: BedrockOptions): BedrockRuntimeClientConfig {
  const { region, endpoint, profile, useFipsEndpoint, useDualstackEndpoint } = options
  return {
    logger: silentLogger,
    ...(region !== undefined && { region }),
    ...(endpoint && { endpoint: endpoint.href }),
    ...(profile !== undefined && { profile }),
    ...(useFipsEndpoint !== undefined && { useFipsEndpoint }),
    ...(useDualstackEndpoint !== undefined && { useDualstackEndpoint }),
  }
}

async function findRegion(client: BedrockRuntimeClient, { profile }: BedrockOptions, refuse: Refuse): Promise<string> {
  try {
    return await client.config.region()
  } catch (error) {
    const looked = `'region' of the deployment, AWS_REGION, and the profile '${profile ?? process.env['AWS_PROFILE'] ?? 'default'}' of the AWS configuration files`
    const reason = error instanceof Error && !/region is missing/i.test(error.message) ? ` (${error.message})` : ''
    return refuse(`has no region${reason}. Looked for it in ${looked}. Set 'region', such as us-east-1.`)
  }
}

/** Nobody's: with them the SDK finds an endpoint without looking for credentials first. */
const noCredentials = { accessKeyId: 'none', secretAccessKey: 'none' }

/** Runs a command up to the point where its endpoint is known. */
async function findEndpoint(sdk: SdkModule, options: BedrockOptions, refuse: Refuse): Promise<URL> {
  const config = { ...sdkConfig(options), credentials: noCredentials, authSchemePreference: ['sigv4'] }
  const client = withoutVersionWarning(() => new sdk.BedrockRuntimeClient(config))
  const command = new sdk.ConverseCommand({ modelId: 'any', messages: [] })
  let url: URL | undefined
  const nothing = { $metadata: {}, output: undefined, stopReason: undefined, usage: undefined, metrics: undefined }
  command.middlewareStack.add(
    (_next, context) => async () => {
      url = context.endpointV2?.url
      return { output: nothing, response: undefined }
    },
    { step: 'build' },
  )
  try {
    await client.send(command)
  } catch (error) {
    return refuse(`has settings from which no endpoint can be found: ${describe(error)}`)
  } finally {
    client.destroy()
  }
  return url ?? refuse('has settings from which no endpoint can be found.')
}

function describe(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  if (!/custom endpoint are not supported/i.test(message)) return message
  return "'endpoint' excludes 'useFipsEndpoint' and 'useDualstackEndpoint', also where the environment turns them on (AWS_USE_FIPS_ENDPOINT, AWS_USE_DUALSTACK_ENDPOINT). Name the right endpoint, and set both to false."
}

const versionWarningVariable = 'AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'

/**
 * The SDK warns once per process that its releases of 2027 will need a newer Node. Which release is used is decided
 * here and not by whoever runs this, so the documented variable is set while a client is made, and not one tick longer.
 */
function withoutVersionWarning<T>(create: () => T): T {
  if (process.env[versionWarningVariable] !== undefined) return create()
  process.env[versionWarningVariable] = 'true'
  try {
    return create()
  } finally {
    delete process.env[versionWarningVariable]
  }
}
