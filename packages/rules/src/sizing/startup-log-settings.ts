import type { StartupLogSettings } from './startup-log.js'

/** How much of the text behind a marker is read: the longest configuration line is a few thousand characters. */
const configurationLength = 12_000
const argumentsLength = 12_000

/** Reads the settings that a log states: the engine's configuration, the arguments given, and defaults it mentions. */
export function readSettings(log: string): StartupLogSettings {
  const configuration = after(log, 'with config:', configurationLength)
  const given = after(log, 'non-default args:', argumentsLength) ?? after(log, 'args: Namespace(', argumentsLength)
  // The configuration states what `auto` became; the arguments state the rest.
  const word = (...names: string[]) => firstOf(names, configuration) ?? firstOf(names, given)
  const model = word('model', 'model_tag')
  return withoutAbsent({
    model: model === undefined ? undefined : nameOf(model),
    dtype: word('dtype')?.replace(/^torch\./, ''),
    quantization: named(word('quantization')),
    kvCacheDtype: word('kv_cache_dtype'),
    tensorParallelSize: whole(word('tensor_parallel_size')),
    pipelineParallelSize: whole(word('pipeline_parallel_size')),
    maxModelLength: whole(word('max_seq_len', 'max_model_len')) ?? numberAfter(log, 'Using max model len'),
    maxNumSeqs:
      whole(word('max_num_seqs')) ?? numberAfter(log, 'Defaulting max_num_seqs to', 'Setting max_num_seqs to'),
    maxNumBatchedTokens:
      whole(word('max_num_batched_tokens')) ??
      numberAfter(
        log,
        'Chunked prefill is enabled with max_num_batched_tokens=',
        'Defaulting max_num_batched_tokens to',
        'Setting max_num_batched_tokens to',
      ),
    gpuMemoryUtilization: share(word('gpu_memory_utilization')) ?? shareIn(log),
    blockSize: whole(word('block_size')),
    enableExpertParallel: truth(word('enable_expert_parallel')),
    enforceEager: truth(word('enforce_eager')),
    enableChunkedPrefill: truth(word('enable_chunked_prefill', 'chunked_prefill_enabled')),
    enablePrefixCaching: truth(word('enable_prefix_caching')),
    vllmVersion: versionIn(log),
    engine: engineIn(log),
  })
}

function after(log: string, marker: string, length: number): string | undefined {
  const start = log.indexOf(marker)
  return start === -1 ? undefined : log.slice(start + marker.length, start + marker.length + length)
}

/** The value of the first argument of these names: `name=value` or `'name': value`. */
function firstOf(names: readonly string[], text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  for (const name of names) {
    const match = new RegExp(
      `(?:^|[\\s,({'"])${name}['"]?\\s*[=:]\\s*(?:'([^']{0,512})'|"([^"]{0,512})"|([^\\s,)}]{1,128}))`,
    ).exec(text)
    const value = match?.[1] ?? match?.[2] ?? match?.[3]
    if (value !== undefined) return value
  }
  return undefined
}

/** A path of a download cache holds the id as `models--owner--name`; of any other path the last part is a name. */
function nameOf(model: string): string {
  const cached = /models--([^/]+?)--([^/]+)/.exec(model)
  if (cached !== null) return `${cached[1]}/${cached[2]}`
  const parts = model.split('/').filter((part) => part !== '')
  return parts.length === 2 && !model.startsWith('/') ? model : (parts[parts.length - 1] ?? model)
}

function numberAfter(log: string, ...markers: string[]): number | undefined {
  for (const marker of markers) {
    const number = /^\s*(\d{1,9})/.exec(after(log, marker, 16) ?? '')?.[1]
    if (number !== undefined) return Number(number)
  }
  return undefined
}

function shareIn(log: string): number | undefined {
  const wordings = [
    ['x gpu_memory_utilization', /^\s*\(([\d.]+)\)/],
    ['Desired GPU memory utilization is (', /^([\d.]+),/],
    ['Requested memory:', /^\s*([\d.]+) \(util\)/],
    ['gpu_memory_utilization=', /^([\d.]+?)\.?(?:\s|$)/],
  ] as const
  for (const [marker, value] of wordings) {
    const found = share(value.exec(after(log, marker, 24) ?? '')?.[1])
    if (found !== undefined) return found
  }
  return undefined
}

function versionIn(log: string): string | undefined {
  const wordings = ['LLM engine (v', 'vLLM API server version ', 'vLLM server version ']
  for (const marker of wordings) {
    const version = /^v?(\d+(?:\.\d+)+[\w.+]*)/.exec(after(log, marker, 64) ?? '')?.[1]
    if (version !== undefined) return version
  }
  return undefined
}

function engineIn(log: string): 'v0' | 'v1' | undefined {
  if (log.includes('Initializing a V1 LLM engine')) return 'v1'
  return log.includes('Initializing an LLM engine') || log.includes('Initializing a V0 LLM engine') ? 'v0' : undefined
}

function named(word: string | undefined): string | undefined {
  return word === undefined || word === 'None' ? undefined : word
}

function whole(word: string | undefined): number | undefined {
  return word !== undefined && /^\d{1,9}$/.test(word) ? Number(word) : undefined
}

function share(word: string | undefined): number | undefined {
  const number = Number(word)
  return word !== undefined && number > 0 && number <= 1 ? number : undefined
}

function truth(word: string | undefined): boolean | undefined {
  return word === 'True' || word === 'False' ? word === 'True' : undefined
}

type Absent<Value> = { readonly [Key in keyof Value]: Value[Key] | undefined }

function withoutAbsent<Value extends object>(value: Absent<Value>): Value {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as Value
}
