import * as z from 'zod'
import { copyPlainData } from '../copy-plain-data.js'
import { nearest } from '../nearest.js'
import { showValue } from '../show-value.js'
import { isImageReference } from './image.js'
import { isKubernetesName } from './kubernetes/kubernetes-name.js'
import { RenderError } from './render-error.js'

/** A key of a Kubernetes Secret, by reference: its value is never rendered. */
export interface SecretReference {
  /** Name of the Secret. */
  readonly name: string
  /** Key in it. */
  readonly key: string
}

/** Where the weights are kept between starts. */
export type ModelCache =
  | {
      /** A PersistentVolumeClaim that is there already. Several pods share it, so it has to be ReadWriteMany for them. */
      readonly claimName: string
    }
  | {
      /** A folder of the machine. It has to be writable for the user the container runs as: root in the official images. */
      readonly hostPath: string
    }
  | {
      /** Size of the volume in GiB. Default: the weights and room to spare, or 200 where their size is not known. */
      readonly sizeGiB?: number | undefined
      /** Storage class of the volume. Default: the cluster's own. */
      readonly storageClassName?: string | undefined
    }

/** How one server is run over several machines. */
export type Distribution = 'ray' | 'leader-worker-set' | 'kserve'

/** How a deployment is rendered. Everything has a default. */
export interface RenderOptions {
  /** Name of the one deployment to render. Default: every deployment the format is for. */
  readonly deployment?: string | undefined
  /** Name of what is rendered, a DNS label of up to 45 characters; for one deployment. Default: from the deployment's name. */
  readonly name?: string | undefined
  /** Kubernetes namespace. Default: none is written, so that of the `kubectl` context counts. */
  readonly namespace?: string | undefined
  /** Container image. Default: the official image of the server's vLLM version. */
  readonly image?: string | undefined
  /** Port that vLLM listens on. Default: that of an `http` endpoint which names one, or else 8000; in Kubernetes 8000. */
  readonly port?: number | undefined
  /** Folder with the weights, for a server that does not download them. Default: the Hugging Face repository. */
  readonly modelPath?: string | undefined
  /** Where downloaded weights are kept. Default: a new volume. */
  readonly modelCache?: ModelCache | undefined
  /**
   * The Secret with the key that clients present; a name alone means its key `api-key`. Default: `<name>-api-key`, where
   * the configuration states a key; none where it does not.
   */
  readonly apiKeySecret?: string | SecretReference | undefined
  /**
   * The Secret with the Hugging Face token for gated models; a name alone means its key `token`. Default:
   * `hugging-face-token`, which may be absent.
   */
  readonly huggingFaceTokenSecret?: string | SecretReference | undefined
  /** Labels that a Kubernetes node has to have, such as `{ 'nvidia.com/gpu.product': 'NVIDIA-A100-SXM4-80GB' }`. */
  readonly nodeSelector?: Readonly<Record<string, string>> | undefined
  /** GPUs that are free while a new version rolls out. Default: 0, so the old server stops before the new one starts. */
  readonly spareGpus?: number | undefined
  /** How long a server may take to start, downloading included, in seconds. Default: 300 and 20 per GiB of weights. */
  readonly startupTimeoutSeconds?: number | undefined
  /**
   * How one server is run over several machines. Default in Kubernetes: `leader-worker-set`; `kserve` writes an
   * InferenceService, for one machine too. `ray` uses Ray whatever the vLLM version; left out, Ray is used up to vLLM
   * 0.18 and vLLM's own launcher from 0.19 on.
   */
  readonly distributed?: Distribution | undefined
  /** Machines that one server spans, for a configuration: a plan says it itself. Default: 1. */
  readonly nodesPerReplica?: number | undefined
  /** Address of the GitLab instance, for `ai-gateway-env`. Default: what the configuration states, or an example. */
  readonly gitlabUrl?: string | undefined
  /** Further platforms, which the caller serves with adapters of its own; nothing is rendered for them. */
  readonly platforms?: readonly string[] | undefined
}

const text = z.string().min(1).max(2048)
const dnsLabel = z.string().refine(isKubernetesName, {
  error: 'Expected lower-case letters, digits and dashes, a letter first, up to 45 characters.',
})
const dnsName = z
  .string()
  .max(253)
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/, {
    error: 'Expected lower-case letters, digits, dashes and dots.',
  })
const secretKey = z
  .string()
  .max(253)
  .regex(/^[-._a-zA-Z0-9]+$/, { error: 'Expected letters, digits, -, _ and dots.' })
const secret = z.union([dnsName, z.strictObject({ name: dnsName, key: secretKey })])
const absolutePath = text.regex(/^\/[^\0]*$/, { error: 'Expected an absolute path.' })

const optionsSchema = z.strictObject({
  deployment: z.string().optional(),
  name: dnsLabel.optional(),
  namespace: z
    .string()
    .max(63)
    .regex(/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/, { error: 'Expected lower-case letters, digits and dashes.' })
    .optional(),
  image: z
    .string()
    .refine(isImageReference, { error: 'Expected an image, such as vllm/vllm-openai:v0.8.5.' })
    .optional(),
  port: z.int().min(1).max(65_535).optional(),
  modelPath: text.regex(/^[^\0-][^\0]*$/, { error: 'Expected a path that does not begin with a dash.' }).optional(),
  modelCache: z
    .union([
      z.strictObject({ claimName: dnsName }),
      z.strictObject({ hostPath: absolutePath }),
      z.strictObject({ sizeGiB: z.int().min(1).max(1_000_000).optional(), storageClassName: dnsName.optional() }),
    ])
    .optional(),
  apiKeySecret: secret.optional(),
  huggingFaceTokenSecret: secret.optional(),
  nodeSelector: z.record(z.string().min(1).max(317), z.string().max(63)).optional(),
  spareGpus: z.int().min(0).max(1_000_000).optional(),
  startupTimeoutSeconds: z.int().min(1).max(604_800).optional(),
  distributed: z.enum(['ray', 'leader-worker-set', 'kserve']).optional(),
  nodesPerReplica: z.int().min(1).max(1_000).optional(),
  gitlabUrl: text.regex(/^https?:\/\/[^\s@?#]+$/, { error: 'Expected an http or https address.' }).optional(),
  platforms: z.array(z.string()).optional(),
})

/**
 * The options, once they are known to be usable.
 * @throws RenderError naming every option that is not
 */
export function checkOptions(options: unknown, format: string): RenderOptions {
  // What throws when it is read, and what is no plain data, is left out of the copy.
  const { value, problems } = copyPlainData(options)
  if (problems.length > 0)
    throw refusal(
      problems.slice(0, 3).map(({ message }) => message),
      format,
    )
  const result = optionsSchema.safeParse(value)
  if (result.success) return result.data
  throw refusal(
    result.error.issues.slice(0, 3).map((issue) => describe(issue, value)),
    format,
  )
}

function refusal(faults: readonly string[], format: string): RenderError {
  const message = `The options for ${format} cannot be used. ${faults.join(' ')}`
  return new RenderError({ code: 'invalid-option', format, message })
}

function describe(issue: z.core.$ZodIssue, options: unknown): string {
  if (issue.code === 'unrecognized_keys' && issue.path.length === 0)
    return issue.keys.map((key) => unknownOption(key)).join(' ')
  const name = ['options', ...issue.path].join('.')
  const value = issue.path.reduce<unknown>((parent, key) => Object(parent)[key], options)
  return `${name} is ${showValue(value, issue.path)}: ${/[.!?]$/.test(issue.message) ? issue.message : `${issue.message}.`}`
}

function unknownOption(key: string): string {
  const [suggestion] = nearest(key, Object.keys(optionsSchema.shape), 1)
  return `There is no option ${showValue(key)}.${suggestion === undefined ? '' : ` Did you mean ${suggestion}?`}`
}
