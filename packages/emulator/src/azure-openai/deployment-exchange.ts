import type { Exchange } from '../http/exchange.js'
import type { JsonObject } from '../json.js'
import { type ReadyPiece, runPlans } from '../output/run-plans.js'
import { sortedJson } from '../sorted-json.js'
import type { ApiVersion } from './api-version.js'
import { azureHeaders, deploymentHeaders } from './azure-headers.js'
import type { AzureDeployment, AzureOpenAIServerState } from './azure-openai-server-state.js'
import type { FilteredPlan } from './filtered-plan.js'

/** A request for a deployment, and where to answer it. */
export interface DeploymentExchange {
  readonly exchange: Exchange
  readonly state: AzureOpenAIServerState
  readonly deployment: AzureDeployment
  readonly version: ApiVersion
  readonly body: JsonObject
}

/** What all chunks and the whole response of one request have in common. */
export interface ResponseFrame {
  readonly id: string
  readonly created: number
  readonly model: string
  readonly system_fingerprint: string
}

/** A new frame; `prefix` is that of the operation's ids. */
export function responseFrame(prefix: string, { deployment, state }: DeploymentExchange): ResponseFrame {
  const { model, version } = deployment
  return {
    id: prefix + state.ids.hex(29),
    created: Math.floor(Date.now() / 1000),
    model: version === '' ? model : `${model}-${version}`,
    system_fingerprint: `fp_${state.ids.hex(10)}`,
  }
}

/** Puts samples through the engine. */
export function generate(
  { exchange, state, deployment }: DeploymentExchange,
  samples: readonly FilteredPlan[],
  promptTokens: number,
): AsyncGenerator<ReadyPiece> {
  state.metrics.countInput(deployment.name, promptTokens)
  const plans = samples.map(({ plan }) => plan)
  const meter = state.metrics.meter(deployment.name)
  return runPlans({ plans, promptTokens, engine: state.engine, meter, signal: exchange.reply.signal })
}

/** Sends a whole JSON answer. Azure ends it with a line break. */
export function sendAnswer({ exchange, state, deployment }: DeploymentExchange, body: object): Promise<void> {
  state.metrics.countRequest(deployment.name, 200)
  const type = ['content-type', 'application/json'] as const
  const headers = [...azureHeaders(state), type, ...deploymentHeaders(deployment, state)]
  return exchange.reply.send(200, headers, `${sortedJson(body)}\n`)
}

/** Sends the head of an event stream. It goes out before the first token is ready. */
export function startEvents({ exchange, state, deployment }: DeploymentExchange): Promise<void> {
  state.metrics.countRequest(deployment.name, 200)
  return exchange.reply.start(200, [
    ...azureHeaders(state),
    ['content-type', 'text/event-stream; charset=utf-8'],
    ['x-accel-buffering', 'no'],
    ...deploymentHeaders(deployment, state),
  ])
}

/** Writes one event, with sorted keys. */
export function writeEvent({ exchange }: DeploymentExchange, data: object): Promise<void> {
  return exchange.reply.write(`data: ${sortedJson(data)}\n\n`)
}

/** Writes `[DONE]` and ends the stream. */
export async function endEvents({ exchange }: DeploymentExchange): Promise<void> {
  await exchange.reply.write('data: [DONE]\n\n')
  await exchange.reply.end()
}
