/** Nothing stands against it. */
export const good = `# who serves what
deployments:
  code:   # the GPU box
    platform: vllm
    model: codestral-22b-v0.1
    endpoint: 'http://gpu-1:8000/v1'   # ends in /v1
    apiKey: \${VLLM_API_KEY}
    hardware: { gpu: a100-80gb, gpuCount: 2, cpuCores: 16, ramGB: 64 }
features:
  code-completion: code
gitlab: { version: "18.2" }
`

/** Two mistakes that a program can repair, on top of one another. */
export const repairable = good.replace('endpoint: ', 'endpont: ').replace('/v1', '/v1/chat/completions/')

/** An error that only a person can decide about: the documentation says Not applicable. */
export const refused = good.replace('code-completion: code', 'code-completion: nowhere')

/** No error, and at least one warning: the documentation says Largely compatible. */
export const doubtful = good.replace('codestral-22b-v0.1', 'llama-3.1-8b')

/** Secrets in every place a person may put one. */
export const secret = 'hunter2-do-not-show'
export const withSecrets = `deployments:
  code:
    platform: vllm
    model: codestral-22b-v0.1
    endpoint: http://user:${secret}@gpu-1:8000/
    apiKey: ${secret}
    apikey: ${secret}
  other:
    platform: vllm
    model: codestral-22b-v0.1
    endpoint: http://gpu-1:8000
    apiKey: [${secret}]
gitlab:
  aiGateway: { env: { AWS_SECRET_ACCESS_KEY: ${secret}, N: [${secret}] } }
features: { code-completion: code }
`
