import * as z from 'zod'
import type { ModelId } from './catalog/catalog.generated.js'
import { features } from './catalog/catalog.generated.js'
import { familyKeys } from './family-keys.js'
import type { FeatureId } from './vocabulary.js'

/** A model as a configuration names it: a catalog id, which editors complete, or any name of it. */
export type ModelName = ModelId | (string & {})

const text = z.string().trim().min(1)
const positiveInteger = z.int().positive()
const modelName: z.ZodType<ModelName, ModelName> = text
const deploymentName = z.string().min(1).max(255)

const aiGatewaySchema = z.strictObject({
  url: text.optional().describe('Address under which GitLab reaches the AI gateway.'),
  imageTag: text.optional().describe('Tag of the AI gateway image, such as self-hosted-v18.2.0-ee.'),
  timeoutSeconds: z.number().positive().optional().describe('How long GitLab waits for the AI gateway, in seconds.'),
  env: z.record(z.string(), z.string()).optional().describe('Environment variables of the AI gateway container.'),
})

const gitlabSchema = z.strictObject({
  version: z
    .string()
    .regex(/^v?\d{1,4}\.\d{1,4}(\.\d{1,4})?([-+][0-9A-Za-z.-]*)?$/)
    .optional()
    .describe("GitLab version, in quotes, such as '18.2'. Decides which release of the documentation is checked."),
  tier: z.enum(['free', 'premium', 'ultimate']).optional().describe('Licence tier of the instance.'),
  addOn: z
    .enum(['none', 'duo-core', 'duo-pro', 'duo-enterprise', 'duo-agent-platform-self-hosted'])
    .optional()
    .describe('GitLab Duo add-on of the instance.'),
  offline: z.boolean().optional().describe('Whether the instance runs on an offline licence.'),
  network: z.enum(['open', 'isolated']).optional().describe('Whether the instance reaches the internet.'),
  betaFeatures: z.boolean().optional().describe('Whether "Use beta models and features" is ticked.'),
  environment: z.enum(['production', 'troubleshooting']).optional().describe('What the instance is used for.'),
  aiGateway: aiGatewaySchema.optional().describe('The AI gateway in front of the models.'),
  agentPlatformUrl: text.optional().describe('host:port of the GitLab Duo Agent Platform service, without a scheme.'),
})

const serverSchema = z.strictObject({
  version: text.optional().describe('Version of the server, ordered by PEP 440, such as 0.8.5 or 0.6.4.post1.'),
  tensorParallelSize: positiveInteger.optional().describe('GPUs that one layer is split over.'),
  pipelineParallelSize: positiveInteger.optional().describe('Groups of layers that run on different GPUs.'),
  maxModelLength: positiveInteger.optional().describe('Most tokens of prompt and output together.'),
  gpuMemoryUtilization: z.number().gt(0).max(1).optional().describe('Share of GPU memory the server may use, 0 to 1.'),
  maxNumSeqs: positiveInteger.optional().describe('Most requests computed at once.'),
  maxNumBatchedTokens: positiveInteger.optional().describe('Most tokens computed in one step.'),
  dtype: text.optional().describe('Number format of weights and activations, such as bfloat16.'),
  quantization: text.optional().describe('Quantisation of the weights, such as awq or fp8.'),
  kvCacheDtype: text.optional().describe('Number format of the KV cache, such as fp8.'),
  serveArgs: z
    .union([text, z.array(z.string()).min(1)])
    .optional()
    .describe('The whole argument list of vllm serve, as one line or as a list.'),
})

const hardwareSchema = z.strictObject({
  gpu: text.optional().describe('GPU id of the catalog, such as a100-80gb.'),
  gpuCount: positiveInteger.optional().describe('GPUs of the machine that this deployment may use.'),
  gpuMemoryGB: z
    .number()
    .positive()
    .optional()
    .describe('Memory of one GPU in GB, for a GPU the catalog does not know.'),
  cpuCores: positiveInteger.optional().describe('CPU cores of the machine.'),
  ramGB: z.number().positive().optional().describe('Memory of the machine in GB.'),
})

const endpoint = z.union([text, z.array(text).min(1)]).describe('Address of the server, or one per replica.')

const commonKeys = {
  model: modelName.optional().describe('Model: catalog id, documented name, Hugging Face id or Bedrock model id.'),
  modelFamily: z.enum(familyKeys).optional().describe("GitLab's family key, beside the model or instead of it."),
  identifier: text.optional().describe('Model identifier as entered in GitLab, such as custom_openai/codestral.'),
  credentials: z
    .enum(['environment', 'instance-role', 'irsa', 'bearer'])
    .optional()
    .describe('Where the AI gateway takes its credentials from.'),
  apiKey: z.string().optional().describe('Secret to present to the server. Never shown in messages.'),
  server: serverSchema.optional().describe('What the model server was started with.'),
  hardware: hardwareSchema.optional().describe('The machine the model runs on.'),
}

const vllmSchema = z.strictObject({
  platform: z.literal('vllm').describe('Serving platform.'),
  ...commonKeys,
  endpoint: endpoint.describe('Address of the vLLM server, ending in /v1, or one per replica.'),
  servedModelName: text
    .optional()
    .describe('Name the server answers to (--served-model-name). Default: the Hugging Face id.'),
})

const guardrailSchema = z.strictObject({
  guardrailIdentifier: text.describe('Id or ARN of the guardrail.'),
  guardrailVersion: text.optional().describe("Version of the guardrail, in quotes, such as '1'. Default: DRAFT."),
  trace: z.enum(['enabled', 'disabled', 'enabled_full']).optional().describe('Whether answers say what it did.'),
  streamProcessingMode: z
    .enum(['sync', 'async'])
    .optional()
    .describe('Whether a stream waits for the guardrail (sync), or text may come before its verdict. Default: sync.'),
})

const bedrockSchema = z.strictObject({
  platform: z.literal('bedrock').describe('Serving platform.'),
  ...commonKeys,
  region: text.describe('AWS Region, such as us-east-1.'),
  modelId: text.describe('Bedrock model id, inference profile id or ARN.'),
  endpoint: endpoint.optional().describe('Address of a VPC endpoint. Default: the public one of the Region.'),
  profile: text.optional().describe('Profile of the AWS configuration files to take credentials from.'),
  useFipsEndpoint: z.boolean().optional().describe('Whether to call the FIPS endpoint of the Region. Default: false.'),
  useDualstackEndpoint: z
    .boolean()
    .optional()
    .describe('Whether to call the endpoint that answers over IPv4 and IPv6. Default: false.'),
  api: z
    .enum(['converse', 'invoke-model'])
    .optional()
    .describe('API to call the model through. Default: converse, and invoke-model for raw prompts of Mistral models.'),
  guardrail: guardrailSchema.optional().describe('Guardrail that every request passes through.'),
})

const azureOpenAISchema = z.strictObject({
  platform: z.literal('azure-openai').describe('Serving platform.'),
  ...commonKeys,
  endpoint: endpoint.describe('Address of the Azure OpenAI resource, such as https://example.openai.azure.com.'),
  deployment: text.describe('Name of the Azure OpenAI deployment.'),
  apiVersion: text.optional().describe('Azure OpenAI API version, in quotes, such as 2024-10-21.'),
})

/** Deployments of a platform that the caller adds: only what every platform shares is checked. */
export const customDeploymentSchema = z.looseObject({
  platform: text,
  ...commonKeys,
  model: modelName.optional(),
  endpoint: endpoint.optional(),
  servedModelName: text.optional(),
})

/** The schema of a deployment, by its platform. */
export const deploymentSchemas = { vllm: vllmSchema, bedrock: bedrockSchema, 'azure-openai': azureOpenAISchema }

/** One deployment, as a configuration writes it. */
const deploymentSchema = z.discriminatedUnion('platform', [vllmSchema, bedrockSchema, azureOpenAISchema])

/** Deployment names of a feature: the primary, then its fallbacks. */
const routeSchema = z.union([deploymentName, z.array(deploymentName).min(1)])

/** The sections of a configuration; deployments are checked one by one. */
export const sectionsSchema = z.strictObject({
  gitlab: gitlabSchema.optional(),
  deployments: z.record(deploymentName, z.unknown()).optional(),
  features: z.record(z.string(), routeSchema).optional(),
})

const featureIds = Object.keys(features).filter(isFeatureId)

const fullSchema = z.strictObject({
  gitlab: gitlabSchema.optional().describe("GitLab's own settings. All optional: what is left out is not checked."),
  deployments: z.record(deploymentName, deploymentSchema).optional().describe('Deployments by name.'),
  features: z
    .partialRecord(z.enum(featureIds), routeSchema)
    .optional()
    .describe('Which deployment serves a feature: its name, or a list with the primary first and fallbacks after it.'),
})

/**
 * The one shape of a configuration (zod): sections `gitlab`, `deployments` and `features`, or a single deployment.
 * `checkConfig` says more, and says it better; use this to build forms, or to embed the shape in your own.
 */
export const configSchema = z.union([fullSchema, deploymentSchema])

/**
 * A configuration as it is written: sections, or a single deployment that serves all its model is documented for.
 * `CustomPlatform` names the platforms that adapters of the caller add.
 */
export type DuoModelsConfiguration<CustomPlatform extends string = never> =
  | ConfigurationSections<CustomPlatform>
  | DeploymentInput<CustomPlatform>

type Sections = z.input<typeof fullSchema>

interface ConfigurationSections<CustomPlatform extends string> extends Omit<Sections, 'deployments'> {
  readonly deployments?: Readonly<Record<string, DeploymentInput<CustomPlatform>>> | undefined
}

/** One deployment as it is written. */
export type DeploymentInput<CustomPlatform extends string = never> =
  | z.input<typeof deploymentSchema>
  | ([CustomPlatform] extends [never] ? never : CustomDeploymentInput<CustomPlatform>)

/** A deployment of a platform that an adapter of the caller adds; the platform's own settings are not checked. */
export type CustomDeploymentInput<CustomPlatform extends string> = z.input<typeof customDeploymentSchema> & {
  readonly platform: CustomPlatform
}

/** The `gitlab` section. */
export type GitLabSettings = z.output<typeof gitlabSchema>

/** The `server` section of a deployment. */
export type ServerSettings = z.output<typeof serverSchema>

/** The `hardware` section of a deployment. */
export type HardwareSettings = z.output<typeof hardwareSchema>

/** A deployment with every key any documented platform has. */
export type DeploymentSettings = z.output<typeof customDeploymentSchema>

function isFeatureId(id: string): id is FeatureId {
  return Object.hasOwn(features, id)
}
