export { vllmAdapter } from './vllm-adapter.js'
