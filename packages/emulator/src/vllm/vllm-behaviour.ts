import { compareVllmVersions, parseVllmVersion } from './vllm-version.js'

/** What a vLLM release does on the wire, for everything that changed between releases. */
export interface VllmBehaviour {
  /** The version as given; `/version` answers it. */
  readonly version: string
  /** Unknown body fields are a 400; later they are ignored. Until 0.6.5 (vLLM #10463). */
  readonly forbidsUnknownFields: boolean
  /** Errors are wrapped in `error`; before, the error object is the whole body. From 0.10.1. */
  readonly nestsErrors: boolean
  /** Unknown paths and methods are answered in vLLM's error shape, not in FastAPI's. From 0.9.0. */
  readonly wrapsHttpErrors: boolean
  /** `/ping` exists. From 0.7.0 (#11576). */
  readonly hasPing: boolean
  /** `x-request-id` is on every response. Until 0.6.6, when it became a flag (#11529). */
  readonly sendsRequestId: boolean
  /** The `X-Request-Id` of the request becomes part of the body's id. From 0.6.5 (#10968). */
  readonly usesRequestId: boolean
  /** `model` may be left out. From 0.7.3 (#13568). */
  readonly modelIsOptional: boolean
  /** Status for a body that is not declared as JSON; `undefined` while vLLM does not look. 415 from 0.7.3 (#13193), 400 from 0.9.0. */
  readonly contentTypeStatus: 400 | 415 | undefined
  /** `tool_choice: "required"` works. From 0.8.0 (#13483). */
  readonly hasRequiredToolChoice: boolean
  /** Every tool-call delta carries an id and a type of its own. Until 0.6.5. */
  readonly repeatsToolCallIds: boolean
  /** Key of reasoning text; `undefined` before reasoning was split off. 0.7.1 (#12473), renamed in 0.11.1 (#27752). */
  readonly reasoningKey: 'reasoning_content' | 'reasoning' | undefined
  /** Completions accept `response_format` of type `json_schema`. From 0.10.1 (#23212). */
  readonly completionsTakeSchemas: boolean
  /** `guided_json`, `guided_regex`, `guided_choice`, `guided_grammar` work. Until 0.12.0 (#29326), then ignored. */
  readonly hasGuidedDecoding: boolean
  /** `structured_outputs` works. From 0.11.0 (#22772). */
  readonly hasStructuredOutputs: boolean
  /** `best_of` is known. Until 0.12.0 (#29090), then ignored. */
  readonly hasBestOf: boolean
  /** Non-streamed chat messages spell out `refusal`, `audio` and the like as null. From 0.10.1. */
  readonly spellsOutMessage: boolean
  /** Failures in a stream are serialised with blanks and ASCII escapes, and flat inside `error`. Until 0.10.1. */
  readonly hasOldStreamErrors: boolean
  /** The context-length message names output and input tokens, with a `param`. From 0.12.0. */
  readonly hasNewContextMessage: boolean
  /** "Bearer" may be in any case. From 0.12.0. */
  readonly bearerIgnoresCase: boolean
  /** More than this many prompts in one completions request is a 400; 1,024 from 0.20.0 (#47845). */
  readonly maxPrompts: number
  /**
   * A request with `endpoint-load-metrics-format: TEXT` or `JSON` is answered with the server's load in the header
   * `endpoint-load-metrics`. From 0.12.0 (#24905).
   */
  readonly reportsLoad: boolean
  /** Names of metrics that changed. */
  readonly metrics: VllmMetricBehaviour
}

/** Which metrics a release exposes. */
interface VllmMetricBehaviour {
  /** Label `engine` on every series. From 0.8.0. */
  readonly hasEngineLabel: boolean
  /** `vllm:num_requests_swapped`. Until 0.10.0 (#18837). */
  readonly hasSwapped: boolean
  /** `vllm:gpu_cache_usage_perc`. Until 0.12.0 (#29330). */
  readonly hasGpuCacheUsage: boolean
  /** `vllm:kv_cache_usage_perc`. From 0.9.2 (#18354). */
  readonly hasKvCacheUsage: boolean
  /** `vllm:gpu_prefix_cache_hit_rate`, -1 without a prefix cache. Until 0.8.0, with the V0 engine. */
  readonly hasPrefixCacheHitRate: boolean
  /** What `_queries_total` and `_hits_total` follow: `gpu_prefix_cache` from 0.8.0 to 0.12.0 (#29330), `prefix_cache` from 0.9.2 (#18354). */
  readonly prefixCachePrefixes: readonly string[]
  /** `vllm:time_per_output_token_seconds`. Until 0.14.0 (#32661). */
  readonly hasTimePerOutputToken: boolean
  /** `vllm:inter_token_latency_seconds`. From 0.11.0 (#24110). */
  readonly hasInterTokenLatency: boolean
}

/**
 * The behaviour of a release. Where the change is documented without its release, the release named beside the field is
 * an assumption: "newer" means 0.12.0 unless the field says otherwise.
 * Throws `EmulatorError` (`invalid-option`) for a version that is not PEP 440.
 */
export function vllmBehaviour(version: string): VllmBehaviour {
  const parsed = parseVllmVersion(version)
  const since = (release: string) => compareVllmVersions(parsed, parseVllmVersion(release)) >= 0
  return {
    version: version.trim(),
    forbidsUnknownFields: !since('0.6.5'),
    nestsErrors: since('0.10.1'),
    wrapsHttpErrors: since('0.9.0'),
    hasPing: since('0.7.0'),
    sendsRequestId: !since('0.6.6'),
    usesRequestId: since('0.6.5'),
    modelIsOptional: since('0.7.3'),
    contentTypeStatus: since('0.9.0') ? 400 : since('0.7.3') ? 415 : undefined,
    hasRequiredToolChoice: since('0.8.0'),
    repeatsToolCallIds: !since('0.6.5'),
    reasoningKey: since('0.11.1') ? 'reasoning' : since('0.7.1') ? 'reasoning_content' : undefined,
    completionsTakeSchemas: since('0.10.1'),
    hasGuidedDecoding: !since('0.12.0'),
    hasStructuredOutputs: since('0.11.0'),
    hasBestOf: !since('0.12.0'),
    spellsOutMessage: since('0.10.1'),
    hasOldStreamErrors: !since('0.10.1'),
    hasNewContextMessage: since('0.12.0'),
    bearerIgnoresCase: since('0.12.0'),
    maxPrompts: since('0.20.0') ? 1024 : Number.POSITIVE_INFINITY,
    reportsLoad: since('0.12.0'),
    metrics: {
      hasEngineLabel: since('0.8.0'),
      hasSwapped: !since('0.10.0'),
      hasGpuCacheUsage: !since('0.12.0'),
      hasKvCacheUsage: since('0.9.2'),
      hasPrefixCacheHitRate: !since('0.8.0'),
      prefixCachePrefixes: [
        ...(since('0.8.0') && !since('0.12.0') ? ['gpu_prefix_cache'] : []),
        ...(since('0.9.2') ? ['prefix_cache'] : []),
      ],
      hasTimePerOutputToken: !since('0.14.0'),
      hasInterTokenLatency: since('0.11.0'),
    },
  }
}
