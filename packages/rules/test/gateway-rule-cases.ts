import type { RuleCase } from './rule-cases.js'

const gateway = (aiGateway: object, gitlab: object = {}) => ({ gitlab: { ...gitlab, aiGateway } })
const url = (address: string) => gateway({ url: address })
const tag = (imageTag: string, version?: string) => gateway({ imageTag }, version === undefined ? {} : { version })
const environment = (env: object, gitlab: object = {}) => gateway({ env }, gitlab)
const setUp = { AIGW_CUSTOM_MODELS__ENABLED: 'true', AIGW_GITLAB_URL: 'https://gitlab.example.com' }
const guardrail = (config: object) => environment({ AIGW_BEDROCK_GUARDRAIL_CONFIG: JSON.stringify(config) })
const pem = '-----BEGIN PRIVATE KEY-----\nexample\n-----END PRIVATE KEY-----'
const vllm = { platform: 'vllm', model: 'codestral-22b-v0.1', endpoint: 'http://gpu-1:8000/v1' }
const routed = (route: string[]) => ({
  deployments: { one: vllm, two: { ...vllm, endpoint: 'http://gpu-2:8000/v1' } },
  features: { 'code-completion': route },
})

/** Cases of the rules about GitLab, the AI gateway and routes, by rule id. */
export const gatewayRuleCases: Readonly<Record<string, RuleCase>> = {
  'route-repeats-deployment': { passes: routed(['one', 'two']), fails: routed(['one', 'one']) },
  'gateway-url-scheme-not-http': {
    passes: url('https://ai-gateway.example.com:5052'),
    fails: url('ai-gateway.example.com:5052'),
  },
  'gateway-url-localhost': { passes: url('https://ai-gateway.example.com'), fails: url('http://localhost:5052') },
  'gateway-url-private-address': { passes: url('https://ai-gateway.example.com'), fails: url('http://10.0.0.5:5052') },
  'gateway-url-has-credentials': {
    passes: url('https://ai-gateway.example.com'),
    fails: url('https://user:example@ai-gateway.example.com'),
  },
  'gateway-url-too-long': {
    passes: url('https://ai-gateway.example.com'),
    fails: url(`https://ai-gateway.example.com/${'x'.repeat(2048)}`),
  },
  'gateway-image-tag-not-explicit': { passes: tag('self-hosted-v18.2.0-ee'), fails: tag('latest') },
  'gateway-version-mismatch': {
    passes: tag('self-hosted-v18.2.3-ee', '18.2'),
    fails: tag('self-hosted-v18.1.0-ee', '18.2'),
  },
  'gateway-timeout-out-of-range': { passes: gateway({ timeoutSeconds: 60 }), fails: gateway({ timeoutSeconds: 30 }) },
  'gateway-timeout-not-in-version': {
    passes: gateway({ timeoutSeconds: 60 }, { version: '18.7' }),
    fails: gateway({ timeoutSeconds: 60 }, { version: '18.6' }),
  },
  'gateway-model-timeout-shorter': {
    passes: gateway({ timeoutSeconds: 120, env: { AIGW_DUO_CHAT__MODEL_REQUEST_TIMEOUT: '120' } }),
    fails: gateway({ timeoutSeconds: 120, env: { AIGW_DUO_CHAT__MODEL_REQUEST_TIMEOUT: '30' } }),
  },
  'gateway-custom-models-disabled': {
    passes: environment(setUp),
    fails: environment({ ...setUp, AIGW_CUSTOM_MODELS__ENABLED: 'false' }),
  },
  'gateway-auth-bypassed': {
    passes: environment(setUp),
    fails: environment({ ...setUp, AIGW_AUTH__BYPASS_EXTERNAL: 'true' }),
  },
  'gateway-gitlab-url-missing': {
    passes: environment(setUp),
    fails: environment({ AIGW_CUSTOM_MODELS__ENABLED: 'true' }),
  },
  'gateway-gitlab-url-malformed': {
    passes: environment(setUp),
    fails: environment({ ...setUp, AIGW_GITLAB_URL: 'gitlab.example.com' }),
  },
  'gateway-signing-keys-incomplete': {
    passes: environment({
      AIGW_SELF_SIGNED_JWT__SIGNING_KEY: pem,
      AIGW_SELF_SIGNED_JWT__VALIDATION_KEY: pem,
    }),
    fails: environment({ AIGW_SELF_SIGNED_JWT__SIGNING_KEY: pem }),
  },
  'gateway-portal-url-missing': {
    passes: environment(
      {
        ...setUp,
        AIGW_CUSTOMER_PORTAL_URL: 'https://gitlab.example.com',
        DUO_WORKFLOW_AUTH__OIDC_CUSTOMER_PORTAL_URL: '',
      },
      { offline: true },
    ),
    fails: environment(setUp, { offline: true }),
  },
  'gateway-extra-headers-invalid': {
    passes: environment({ AIGW_CUSTOM_MODELS__EXTRA_HEADERS: '{"X-Team":"duo"}' }),
    fails: environment({ AIGW_CUSTOM_MODELS__EXTRA_HEADERS: 'X-Team: duo' }),
  },
  'gateway-streaming-disabled': {
    passes: environment({ AIGW_CUSTOM_MODELS__DISABLE_STREAMING: 'false' }),
    fails: environment({ AIGW_CUSTOM_MODELS__DISABLE_STREAMING: 'true' }),
  },
  'gateway-variable-misplaced': {
    passes: environment(setUp),
    fails: environment({ ...setUp, DUO_AGENT_PLATFORM_SERVICE_SECURE: 'false' }),
  },
  'gateway-variable-unknown': {
    passes: environment(setUp),
    fails: environment({ AIGW_GITLAB_URL: 'https://gitlab.example.com', AIGW_CUSTOM_MODEL__ENABLED: 'true' }),
  },
  'bedrock-guardrail-config-invalid': {
    passes: guardrail({ guardrailIdentifier: 'abc123', guardrailVersion: 'DRAFT', trace: 'enabled' }),
    fails: guardrail({ guardrailIdentifier: 'abc123', guardrailVersion: 'draft' }),
  },
  'aws-region-variables-differ': {
    passes: environment({ AWS_REGION: 'us-east-1', AWS_REGION_NAME: 'us-east-1' }),
    fails: environment({ AWS_REGION: 'us-west-2', AWS_REGION_NAME: 'us-east-1' }),
  },
  'aws-region-variable-not-checked': {
    passes: environment({ AWS_REGION_NAME: 'us-east-1' }),
    fails: environment({ AWS_REGION: 'us-east-1' }),
  },
  'dap-url-has-scheme': {
    passes: { gitlab: { agentPlatformUrl: 'ai-gateway.example.com:50052' } },
    fails: { gitlab: { agentPlatformUrl: 'https://ai-gateway.example.com:50052' } },
  },
  'dap-url-malformed': {
    passes: { gitlab: { agentPlatformUrl: 'ai-gateway.example.com' } },
    fails: { gitlab: { agentPlatformUrl: 'ai-gateway.example.com:50052/path' } },
  },
}
