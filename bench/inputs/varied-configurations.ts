import type { DuoModelsConfiguration } from '@duo-models/rules'

/**
 * Different configurations, as a script reads them from the files of many teams: three deployments each, parsed from
 * JSON, with other names, models, releases, machines, addresses and optional keys in every one. About a fifth of them
 * have a finding. The same ones in every run.
 */
export function variedConfigurations(count: number): readonly unknown[] {
  return Array.from({ length: count }, (_, index) => JSON.parse(JSON.stringify(configurationOf(index))))
}

/**
 * The same with every one like the typical configuration: the same keys, about as many values, no finding; other names,
 * models, releases, machines and addresses.
 */
export function similarConfigurations(count: number): readonly unknown[] {
  return Array.from({ length: count }, (_, index) => JSON.parse(JSON.stringify(similarTo(index))))
}

type Random = () => number

function similarTo(index: number): DuoModelsConfiguration {
  const random = randomNumbers(index)
  const team = `team-${index}`
  const gpuCount = pick([2, 4, 8], random)
  const [region, geography] = random() < 0.5 ? (['us-east-1', 'us'] as const) : (['eu-central-1', 'eu'] as const)
  const newer = random() < 0.7
  return {
    gitlab: { version: pick(['18.2', '18.2.1', '18.3', '18.5.0'], random), tier: 'ultimate', addOn: 'duo-enterprise' },
    deployments: {
      code: {
        platform: 'vllm',
        model: pick(['codestral-22b-v0.1', 'Codestral 22B v0.1', 'mistralai/Codestral-22B-v0.1'], random),
        endpoint: [`http://gpu-1.${team}.example.com:8000/v1`, `http://gpu-2.${team}.example.com:8000/v1`],
        servedModelName: `${team}-code`,
        server: {
          version: pick(['0.8.5', '0.9.2', '0.10.1', '0.11.0'], random),
          tensorParallelSize: gpuCount,
          maxModelLength: pick([16_384, 32_768], random),
          gpuMemoryUtilization: pick([0.85, 0.9, 0.95], random),
        },
        hardware: { gpu: pick(['a100-80gb', 'h100-80gb'], random), gpuCount, cpuCores: 32, ramGB: 256 },
      },
      chat: {
        platform: 'bedrock',
        model: newer ? 'claude-3.7-sonnet' : 'claude-3.5-sonnet',
        region,
        modelId: `${geography}.anthropic.claude-3-${newer ? '7-sonnet-20250219' : '5-sonnet-20240620'}-v1:0`,
      },
      gpt: {
        platform: 'azure-openai',
        model: 'gpt-4o',
        endpoint: `https://${team}.openai.azure.com`,
        deployment: `${team}-gpt`,
        apiVersion: '2024-10-21',
      },
    },
    features: { 'code-completion': 'code', 'code-generation': 'code', 'duo-chat': ['chat', 'gpt'] },
  }
}

function configurationOf(index: number): DuoModelsConfiguration {
  const random = randomNumbers(index)
  const team = `team-${index}`
  // Most teams name deployments by what they are for, some by who they are.
  const prefix = random() < 0.2 ? `${team}-` : ''
  const code = `${prefix}${pick(['code', 'codestral', 'completion', 'on-premises'], random)}`
  const chat = `${prefix}${pick(['chat', 'claude', 'bedrock', 'assistant'], random)}`
  const gpt = `${prefix}${pick(['gpt', 'azure', 'fallback', 'openai'], random)}`
  return {
    gitlab: gitlabOf(team, random),
    deployments: { [code]: vllmOf(team, random), [chat]: bedrockOf(random), [gpt]: azureOf(team, random) },
    features: {
      'code-completion': code,
      'code-generation': random() < 0.5 ? code : [code, gpt],
      'duo-chat': random() < 0.5 ? chat : [chat, gpt],
      ...(random() < 0.1 && { duo_chat_explain_code: chat }),
    },
  }
}

function gitlabOf(team: string, random: Random) {
  return {
    version: pick(['18.2', '18.2.1', '18.3', '18.5.0', '18.7'], random),
    tier: random() < 0.5 ? ('premium' as const) : ('ultimate' as const),
    ...(random() < 0.5 && { addOn: 'duo-enterprise' as const }),
    ...(random() < 0.3 && { betaFeatures: true }),
    ...(random() < 0.3 && { aiGateway: { url: `https://gateway.${team}.example.com` } }),
  }
}

function vllmOf(team: string, random: Random) {
  const hosts = [1, 2, 3, 4].map((replica) => `http://gpu-${replica}.${team}.example.com:8000/v1`)
  const gpuCount = pick([2, 4, 8], random)
  return {
    platform: 'vllm' as const,
    model: pick(['codestral-22b-v0.1', 'Codestral 22B v0.1', 'mistralai/Codestral-22B-v0.1'], random),
    endpoint: random() < 0.3 ? (hosts[0] ?? '') : hosts.slice(0, pick([2, 3, 4], random)),
    ...(random() < 0.5 && { servedModelName: `${team}-code` }),
    ...(random() < 0.3 && { apiKey: `key-of-${team}` }),
    server: {
      version: pick(['0.8.5', '0.9.2', '0.10.1', '0.11.0'], random),
      tensorParallelSize: gpuCount,
      ...(random() < 0.5 && { maxModelLength: pick([16_384, 32_768], random) }),
      ...(random() < 0.5 && { gpuMemoryUtilization: pick([0.85, 0.9, 0.95], random) }),
      ...(random() < 0.1 && {
        serveArgs: `--disable-log-requests --max-num-seqs ${64 + gpuCount} --served-model-name ${team}-code`,
      }),
    },
    ...(random() < 0.7 && {
      hardware: {
        gpu: pick(['a100-80gb', 'h100-80gb', 'NVIDIA A100 80 GB SXM'], random),
        gpuCount,
        cpuCores: 32,
        ramGB: random() < 0.1 ? 16 : 256,
      },
    }),
  }
}

function bedrockOf(random: Random) {
  const [region, geography] = random() < 0.5 ? (['us-east-1', 'us'] as const) : (['eu-central-1', 'eu'] as const)
  const newer = random() < 0.7
  const modelId = `${geography}.anthropic.claude-3-${newer ? '7-sonnet-20250219' : '5-sonnet-20240620'}-v1:0`
  return {
    platform: 'bedrock' as const,
    model: newer ? 'claude-3.7-sonnet' : 'Claude 3.5 Sonnet',
    region,
    modelId,
    ...(random() < 0.3 && { identifier: `bedrock/${modelId}` }),
    ...(random() < 0.3 && { credentials: 'environment' as const }),
  }
}

function azureOf(team: string, random: Random) {
  return {
    platform: 'azure-openai' as const,
    model: random() < 0.9 ? 'gpt-4o' : 'gpt-4-turbo',
    endpoint: `https://${team}.openai.azure.com`,
    deployment: `${team}-gpt`,
    ...(random() < 0.7 && { apiVersion: '2024-10-21' }),
    ...(random() < 0.5 && { apiKey: `azure-key-of-${team}` }),
  }
}

function pick<Value>(values: readonly [Value, ...Value[]], random: Random): Value {
  return values[Math.floor(random() * values.length)] ?? values[0]
}

/** Numbers from 0 up to 1 that are the same in every run. */
function randomNumbers(seed: number): Random {
  let state = Math.imul(seed + 1, 2_654_435_761)
  return () => {
    // A linear congruential generator; its high bits are the random ones.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
