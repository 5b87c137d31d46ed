import type { AdapterContext, AdapterTarget } from '../adapter.js'
import { DuoModelError } from '../errors/duo-model-error.js'
import { ProtocolError } from '../errors/protocol-error.js'
import { requestErrorFields } from '../transport/request-context.js'
import { VllmEndpoint, type VllmQuestion } from './vllm-endpoint.js'
import { readVllmMetrics, type VllmMetrics } from './vllm-metrics.js'
import { readVllmModels, type VllmModel } from './vllm-models.js'
import { readVersionText } from './vllm-version.js'

/** How a server is asked. */
export interface VllmProbeOptions {
  /** Gives up. The probe then fails with `aborted`. */
  readonly signal?: AbortSignal | undefined
  /** Most time for each question; they are asked at once. Default: 5,000. */
  readonly timeoutMs?: number | undefined
}

/** What a server says about itself. What it does not say is absent: gateways hide most of it. */
export interface VllmProbeReport {
  /** Whether anything answered. */
  readonly isReachable: boolean
  /** Whether the key was accepted; absent where nobody could tell. */
  readonly isAuthorised?: boolean
  /** Whether `/health` says that the engine lives. */
  readonly isHealthy?: boolean
  /** The server's version, such as `0.6.4.post1`. */
  readonly version?: string
  /** What the server answers to. */
  readonly models?: readonly VllmModel[]
  /** Whether `servedModelName` is one of {@link models}. */
  readonly isModelServed?: boolean
  /** Most tokens of prompt and output together of `servedModelName` on this server. */
  readonly maxModelLength?: number
  /** Load and latencies. */
  readonly metrics?: VllmMetrics
  /** One error per question that was not answered. */
  readonly problems: readonly DuoModelError[]
}

/**
 * Asks a vLLM server what it is: `/health`, `/version`, `/v1/models` and `/metrics`, all at once. No tokens are generated.
 * A server that is down or hides something is a finding in the report and no exception.
 * @throws ConfigurationError for a target that cannot be used; AbortedError when the signal fires.
 */
export async function vllmProbe(
  target: AdapterTarget,
  context: AdapterContext,
  options: VllmProbeOptions = {},
): Promise<VllmProbeReport> {
  const endpoint = await VllmEndpoint.open(target, context)
  try {
    return await probeVllmEndpoint(endpoint, options)
  } finally {
    await endpoint.close()
  }
}

/** The same over connections that there are already. */
export async function probeVllmEndpoint(endpoint: VllmEndpoint, options: VllmProbeOptions): Promise<VllmProbeReport> {
  const ask = (base: VllmQuestion['base'], path: string): Promise<Answer> => askFor(endpoint, base, path, options)
  const [health, version, models, metrics] = await Promise.all([
    ask('root', '/health'),
    ask('root', '/version'),
    ask('api', '/models'),
    ask('root', '/metrics'),
  ])
  return report({ health, version, models, metrics }, endpoint)
}

/** The body of an answer, or the error there is instead. */
type Answer = string | DuoModelError

interface Answers {
  readonly health: Answer
  readonly version: Answer
  readonly models: Answer
  readonly metrics: Answer
}

async function askFor(
  endpoint: VllmEndpoint,
  base: VllmQuestion['base'],
  path: string,
  { signal, timeoutMs = 5_000 }: VllmProbeOptions,
): Promise<Answer> {
  try {
    return await endpoint.ask({ method: 'GET', base, path, timeoutMs, signal })
  } catch (error) {
    if (!DuoModelError.is(error) || signal?.aborted) throw error
    return error
  }
}

function report(answers: Answers, endpoint: VllmEndpoint): VllmProbeReport {
  const version = bodyOf(answers.version, readVersionText)
  const models = bodyOf(answers.models, readVllmModels)
  const metrics = bodyOf(answers.metrics, readVllmMetrics)
  const served = models?.find(({ id }) => id === endpoint.options.servedModelName)
  const isAuthorised = readAuthorised(answers.models)
  const isHealthy = readHealth(answers.health)
  return {
    isReachable: Object.values(answers).some(hasAnswered),
    ...(isAuthorised !== undefined && { isAuthorised }),
    ...(isHealthy !== undefined && { isHealthy }),
    ...(version !== undefined && { version }),
    ...(models && { models, isModelServed: served !== undefined }),
    ...(served?.maxModelLength !== undefined && { maxModelLength: served.maxModelLength }),
    ...(metrics && Object.keys(metrics).length > 0 && { metrics }),
    problems: [...Object.values(answers).filter((each) => typeof each !== 'string'), ...unreadable(answers, endpoint)],
  }
}

function bodyOf<T>(answer: Answer, read: (body: string) => T): T | undefined {
  return typeof answer === 'string' ? read(answer) : undefined
}

function hasAnswered(answer: Answer): boolean {
  return typeof answer === 'string' || answer.status !== undefined || answer.code === 'protocol'
}

function readAuthorised(models: Answer): boolean | undefined {
  if (typeof models === 'string') return true
  return models.status === 401 || models.status === 403 ? false : undefined
}

/** A route that is missing says nothing about the engine. */
function readHealth(health: Answer): boolean | undefined {
  if (typeof health === 'string') return true
  return health.status !== undefined && health.status >= 500 ? false : undefined
}

/** Good answers that are not what they should be: a web page, most of the time. */
function unreadable(answers: Answers, endpoint: VllmEndpoint): DuoModelError[] {
  const checks = [
    [answers.version, endpoint.path('root', '/version'), readVersionText],
    [answers.models, endpoint.path('api', '/models'), readVllmModels],
  ] as const
  return checks.flatMap(([answer, path, read]) => {
    if (typeof answer !== 'string' || read(answer) !== undefined) return []
    const context = endpoint.context('GET', path, '')
    const what = 'answered with something else than vLLM does. Check that the endpoint is the API and no web page.'
    const { requestId: _none, ...fields } = requestErrorFields(context, what)
    return [new ProtocolError(fields)]
  })
}
