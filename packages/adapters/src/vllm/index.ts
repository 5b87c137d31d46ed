export { vllmAdapter } from './vllm-adapter.js'
export { readVllmMetrics, type VllmMetrics } from './vllm-metrics.js'
export type { VllmModel } from './vllm-models.js'
export { type VllmProbeOptions, type VllmProbeReport, vllmProbe } from './vllm-probe.js'
