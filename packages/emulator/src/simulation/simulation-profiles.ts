import { catalog, type ResponseTime } from '@duo-models/rules'
import type { SimulationOptions } from './create-simulation.js'
import type { SimulationProfile } from './simulation-profile.js'
import { lengthAround, type OpenWorkload, openWorkload, type RequestKind } from './workload.js'

/** Chat questions: a prompt of some length and a long answer. */
const chats: RequestKind = {
  weight: 1,
  request: (random) => ({
    promptTokens: lengthAround(1200, 0.4, random),
    outputTokens: lengthAround(500, 0.4, random),
  }),
}

/** Code completions: short answers, sixteen files that people work in, whose beginnings stay the same. */
const completions: RequestKind = {
  weight: 4,
  request: (random) => ({
    promptTokens: lengthAround(800, 0.2, random),
    outputTokens: lengthAround(32, 0.4, random),
    prefix: `file-${random.integer(16)}`,
    prefixTokens: 320,
  }),
}

/** Turns of forty conversations: each begins with what was said before. */
const turns: RequestKind = {
  weight: 1,
  request: (random) => ({
    promptTokens: 400 + 400 * random.integer(10),
    outputTokens: lengthAround(300, 0.4, random),
    prefix: `conversation-${random.integer(40)}`,
  }),
}

const minuteMs = 60_000
const light: OpenWorkload = { requestsPerSecond: 1.5, durationMs: minuteMs, kinds: [chats] }
const small: SimulationOptions = { machine: 'a2-highgpu-2g', model: 'mistral-7b-it-v0.3', jitter: 0.03 }
/** The scheduler of today's releases, at the documented speed. */
const current: SimulationOptions = { ...small, vllmVersion: '0.11.0' }

function profile(
  name: string,
  description: string,
  options: SimulationOptions,
  workload: OpenWorkload,
): SimulationProfile {
  return { name, description, options, workload: (seed) => openWorkload(workload, seed) }
}

const situations: readonly SimulationProfile[] = [
  profile(
    'mixed-lengths',
    'Short code completions share a server with long chat answers: four to one, ten a second.',
    current,
    { requestsPerSecond: 10, durationMs: minuteMs, kinds: [completions, chats] },
  ),
  profile('conversations', 'Turns of long conversations, which the prefix cache knows the beginnings of.', current, {
    requestsPerSecond: 4,
    durationMs: minuteMs,
    kinds: [turns],
  }),
  profile(
    'capacity-step',
    'The server becomes four times slower after 20 seconds, and as fast as before after 40.',
    {
      ...current,
      events: [
        { kind: 'capacity', atMs: 20_000, share: 0.25 },
        { kind: 'capacity', atMs: 40_000, share: 1 },
      ],
    },
    light,
  ),
  profile(
    'replica-loss',
    'One of three replicas is lost after 20 seconds with all it holds, and is back after 40.',
    {
      ...current,
      replicas: 3,
      events: [
        { kind: 'replica-down', atMs: 20_000, replica: 1 },
        { kind: 'replica-up', atMs: 40_000, replica: 1 },
      ],
    },
    { ...light, requestsPerSecond: 4.5 },
  ),
  profile(
    'noisy-neighbour',
    'One of two replicas takes four times as long in two of every ten seconds.',
    {
      ...current,
      replicas: 2,
      events: [{ kind: 'noisy-neighbour', atMs: 0, replica: 0, everyMs: 10_000, lastsMs: 2000, slowdown: 4 }],
    },
    { ...light, requestsPerSecond: 3 },
  ),
  profile(
    'rejecting-server',
    'The server takes 32 requests and answers 429 to more; it gets more than it can do.',
    { ...current, maxPendingRequests: 32 },
    { ...light, requestsPerSecond: 8 },
  ),
  profile(
    'unlimited-queue',
    'The server runs 32 requests and queues all others without limit; it gets more than it can do.',
    { ...current, maxNumSeqs: 32 },
    { ...light, requestsPerSecond: 8 },
  ),
  profile(
    'cache-pressure',
    'Long prompts and answers in a cache too small for all that run: some are preempted and start again.',
    { ...current, gpuMemoryUtilization: 0.3, enablePrefixCaching: false },
    {
      requestsPerSecond: 0.8,
      durationMs: minuteMs,
      kinds: [
        {
          weight: 1,
          request: (random) => ({
            promptTokens: lengthAround(3000, 0.4, random),
            outputTokens: lengthAround(2000, 0.4, random),
          }),
        },
      ],
    },
  ),
]

/** Share of the documented rate at 100 requests at once: busy, and not at its limit. */
const documentedLoad = 0.5

/** Each machine of the documented response times with each model measured on it, at half of its documented rate. */
function documentedProfile({ machine: size, model, tokensPerResponse, totalTokensPerSecond }: ResponseTime) {
  const machine = catalog.responseTimeMachines.find((row) => row.size === size)?.candidates[0]
  const requestsPerSecond = (documentedLoad * totalTokensPerSecond) / tokensPerResponse
  return profile(
    `${size}-${model}`,
    `${model} on the documented ${size} machine, ${machine}, at half of the rate it was measured to reach.`,
    { machine, model, jitter: 0.03 },
    {
      requestsPerSecond,
      durationMs: minuteMs,
      kinds: [
        {
          weight: 1,
          request: (random) => ({
            promptTokens: lengthAround(100, 0.4, random),
            outputTokens: lengthAround(tokensPerResponse, 0.2, random),
          }),
        },
      ],
    },
  )
}

/** Situations to test and to tune against, each a minute long. */
export const simulationProfiles: readonly SimulationProfile[] = [
  ...catalog.responseTimes.filter(({ requests }) => requests === 100).map(documentedProfile),
  ...situations,
]
