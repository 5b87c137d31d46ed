import type { Finding, Fix } from '../finding.js'
import { contradictsPublished } from './dtype-names.js'
import type { MemoryCase } from './memory-case.js'
import type { QuantizationMethod } from './model-architecture.js'
import { contextGiB } from './runtime-memory.js'
import { refusalSources } from './sizing-sources.js'
import { nearestTensorParallelSize, splitProblems } from './tensor-parallel.js'
import { since } from './vllm-release.js'

/** What vLLM refuses before any memory is measured, with its reason and the nearest valid value. */
export function memoryRefusals(question: MemoryCase): Finding[] {
  const findings: Finding[] = []
  for (const check of checks) {
    const finding = check(question)
    if (finding !== undefined) findings.push(finding)
  }
  return findings
}

/** An error: the server does not start. */
export function refusal(rule: string, path: string, message: string, fix: Fix): Finding {
  return { rule, severity: 'error', path, message, fix, sources: refusalSources }
}

function setTo(description: string, path: string, value: string | number): Fix {
  return { description, patch: [{ op: 'replace', path, value }] }
}

function tensorParallel({ architecture, tensorParallelSize: size, quantization, expertParallel }: MemoryCase) {
  // Only of a published checkpoint are the groups known.
  const options = { quantization: architecture.quantization === undefined ? undefined : quantization, expertParallel }
  const problems = splitProblems(architecture, size, options)
  if (problems.length === 0) return undefined
  const nearest = nearestTensorParallelSize(architecture, size, options)
  const message = `${architecture.name} cannot be split over ${size} GPUs: ${problems.map((problem) => problem.message).join(' ')}`
  // Shared out whole, experts need not divide.
  const whole =
    architecture.experts !== undefined && problems.every(({ part }) => part === 'experts' || part === 'quantization')
  const other = whole ? ', or add --enable-expert-parallel' : ''
  const fix = setTo(
    `Use --tensor-parallel-size ${nearest}, the nearest valid size${other}.`,
    '/tensorParallelSize',
    nearest,
  )
  return refusal('tensor-parallel-invalid', '/tensorParallelSize', message, fix)
}

function pipelineParallel({ architecture, pipelineParallelSize }: MemoryCase) {
  if (pipelineParallelSize <= architecture.layers) return undefined
  const message = `${architecture.layers} layers cannot be shared by ${pipelineParallelSize} groups of GPUs.`
  const fix = setTo(`Use at most ${architecture.layers}.`, '/pipelineParallelSize', architecture.layers)
  return refusal('pipeline-parallel-invalid', '/pipelineParallelSize', message, fix)
}

function dtype({ dtype: format, gpu }: MemoryCase) {
  if (format !== 'bfloat16' || gpu.support.bf16) return undefined
  const capability = (gpu.capability / 10).toFixed(1)
  const message = `Bfloat16 is only supported on GPUs with compute capability of at least 8.0. ${gpu.name} has compute capability ${capability}.`
  return refusal('dtype-unsupported', '/dtype', message, setTo('Use --dtype half.', '/dtype', 'half'))
}

// Least compute capability × 10 of each format's kernels; FP8 below 8.9 and MXFP4 run as weights only.
const leastCapability: Readonly<Record<QuantizationMethod, number>> = {
  fp8: 80,
  awq: 75,
  gptq: 60,
  int8: 75,
  int4: 70,
  mxfp4: 80,
  nvfp4: 80,
  bitsandbytes: 70,
}

function quantization(question: MemoryCase) {
  const { quantization: format, gpu, requestedQuantization, architecture } = question
  if (format === undefined) return undefined
  if (contradictsPublished(requestedQuantization, architecture))
    return refusal(
      'quantization-contradicts-model',
      '/quantization',
      `Quantization method specified in the model config (${format.method}) does not match the quantization method specified in the quantization argument (${requestedQuantization}).`,
      { description: 'Leave --quantization out: vLLM reads it from the model.' },
    )
  const least = leastCapabilityOf(question, format.method)
  const isAmd = gpu.capability === 0
  if (isAmd ? runsOnAmd(question, format.method) : gpu.capability >= least) return undefined
  const reason = isAmd
    ? `vLLM has no such kernels for ${gpu.name}.`
    : `Minimum capability: ${least}. Current capability: ${gpu.capability}.`
  const message = `The quantization method ${format.method} is not supported for the current GPU. ${reason}`
  return refusal('quantization-unsupported', '/quantization', message, quantizationFix(question))
}

function leastCapabilityOf({ release }: MemoryCase, method: QuantizationMethod): number {
  return method === 'fp8' && release.number >= since.fp8OnTuring ? 75 : leastCapability[method]
}

function runsOnAmd({ gpu: { support }, release }: MemoryCase, method: QuantizationMethod): boolean {
  switch (method) {
    case 'fp8':
      return support.fp8W8A8
    case 'int8':
      return support.int8W8A8
    case 'awq':
      return support.awq
    case 'bitsandbytes':
      return support.bitsandbytes
    case 'mxfp4':
      return release.number >= since.withoutV0
    default:
      return support.gptq
  }
}

function quantizationFix({ gpu, architecture }: MemoryCase): Fix {
  const other = gpu.support.gptq ? ', or a GPTQ checkpoint, which this GPU runs' : ''
  const what = architecture.quantization === undefined ? 'Leave --quantization out' : 'Take the unquantised checkpoint'
  return { description: `${what}${other}; or a GPU that supports the format.` }
}

function kvCacheDtype({ kvCacheDtype: format, gpu, engine }: MemoryCase) {
  if (format === 'auto' || gpu.capability >= 80 || gpu.capability === 0 || engine === 'v0') return undefined
  const message = `An fp8 KV cache needs compute capability 8.0; ${gpu.name} has ${(gpu.capability / 10).toFixed(1)}.`
  return refusal(
    'kv-cache-dtype-unsupported',
    '/kvCacheDtype',
    message,
    setTo('Use --kv-cache-dtype auto.', '/kvCacheDtype', 'auto'),
  )
}

function modelLength({ maxModelLength, architecture }: MemoryCase) {
  const { maxPositions, name } = architecture
  if (maxModelLength <= maxPositions) return undefined
  const message = `User-specified max_model_len (${maxModelLength}) is greater than the derived max_model_len (${maxPositions}) of ${name}. vLLM refuses it unless VLLM_ALLOW_LONG_MAX_MODEL_LEN=1 is set, at the price of wrong output.`
  const fix = setTo(`Use --max-model-len ${maxPositions} or less.`, '/maxModelLength', maxPositions)
  return refusal('max-model-length-exceeds-model', '/maxModelLength', message, fix)
}

function batchedTokens({ maxNumBatchedTokens, maxNumSeqs, maxModelLength, chunkedPrefill }: MemoryCase) {
  const path = '/maxNumBatchedTokens'
  if (!chunkedPrefill && maxNumBatchedTokens < maxModelLength) {
    const message = `max_num_batched_tokens (${maxNumBatchedTokens}) is smaller than max_model_len (${maxModelLength}). Without chunked prefill vLLM would reject longer sequences, and does not start.`
    return refusal(
      'batched-tokens-below-context',
      path,
      message,
      setTo(`Use --max-num-batched-tokens ${maxModelLength}.`, path, maxModelLength),
    )
  }
  if (maxNumBatchedTokens >= maxNumSeqs) return undefined
  const message = `max_num_batched_tokens (${maxNumBatchedTokens}) must be greater than or equal to max_num_seqs (${maxNumSeqs}).`
  return refusal(
    'batched-tokens-below-sequences',
    path,
    message,
    setTo(`Use --max-num-batched-tokens ${maxNumSeqs}.`, path, maxNumSeqs),
  )
}

function utilization(question: MemoryCase) {
  const { gpu, gpuMemoryUtilization, engine, release, kvCacheMemoryGiB } = question
  const freeGiB = gpu.totalGiB - contextGiB(question)
  const requestedGiB = gpu.totalGiB * gpuMemoryUtilization
  const isChecked = engine === 'v1' && release.number >= since.v1WithoutContext && kvCacheMemoryGiB === undefined
  if (!isChecked || requestedGiB <= freeGiB) return undefined
  const message = `Free memory on device (${freeGiB.toFixed(2)}/${gpu.totalGiB.toFixed(2)} GiB) on startup is less than desired GPU memory utilization (${gpuMemoryUtilization}, ${requestedGiB.toFixed(2)} GiB): the CUDA context needs its place too.`
  const largest = Math.floor((freeGiB / gpu.totalGiB) * 100) / 100
  const path = '/gpuMemoryUtilization'
  return refusal(
    'gpu-memory-utilization-too-high',
    path,
    message,
    setTo(`Use --gpu-memory-utilization ${largest} or less.`, path, largest),
  )
}

const checks: readonly ((question: MemoryCase) => Finding | undefined)[] = [
  tensorParallel,
  pipelineParallel,
  dtype,
  quantization,
  kvCacheDtype,
  modelLength,
  batchedTokens,
  utilization,
]
