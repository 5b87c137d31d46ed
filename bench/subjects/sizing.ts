/** What the sizing benchmark times, bundled as it is when published. */
import { estimateMemory, type PlanInput, planDeployments, predictPerformance } from '@duo-models/rules'

const server = { model: 'codestral-22b-v0.1', gpu: 'a100-80gb', tensorParallelSize: 2, vllmVersion: '0.11.0' } as const
const load = { requestsPerSecond: 1.5, promptTokens: 1_500, outputTokens: 200 } as const
const workload = { users: 500, timeToFirstTokenMs: 500, promptTokens: 1_500, outputTokens: 200, limit: 100 } as const

/** One estimate of memory. */
export function estimate(): unknown {
  return estimateMemory(server)
}

/** One prediction of speed. */
export function predict(): unknown {
  return predictPerformance({ ...server, ...load })
}

const questions: Readonly<Record<string, PlanInput>> = {
  'one model on one GPU': { ...workload, model: server.model, gpu: server.gpu },
  'one model on every GPU': { ...workload, model: server.model },
  'one model on the machines of a cloud': { ...workload, model: server.model, cloud: 'aws' },
  'every model for two features on every GPU': { ...workload, features: ['code-completion', 'code-generation'] },
}

/** Questions of growing size, each with the plans that answer it. */
export const planQuestions = Object.entries(questions).map(([name, question]) => ({
  name,
  plans: planDeployments(question).length,
  ask: () => planDeployments(question),
}))
