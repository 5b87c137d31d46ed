import type { ResolvedConfiguration } from '../resolved-configuration.js'
import { showValue } from '../show-value.js'
import { serverOfDeployment } from './configuration-server.js'
import { keyVariables } from './key-variables.js'
import { serverOfPlan } from './plan-server.js'
import type { RenderInput } from './read-input.js'
import type { PlanFacts } from './read-plan.js'
import { RenderError } from './render-error.js'
import type { RenderRequest } from './render-format.js'
import { looksLikeSecret } from './secret-text.js'
import { wordsOf } from './serve-option.js'
import type { VllmServer } from './vllm-server.js'

/**
 * The vLLM servers of a plan or configuration, checked: every word can be an argument, and none is a secret.
 * @throws RenderError when there is none to render
 */
export function serversOf(input: RenderInput, request: RenderRequest): readonly VllmServer[] {
  const { selected, configuration, plan } = input
  const deployments = selected.filter(({ platform }) => platform === 'vllm')
  if (deployments.length === 0) throw nothingToRender(selected, request)
  const keys = keyVariables(configuration)
  const servers = deployments.map((deployment) => ({
    ...serverOf(plan, deployment, request),
    keyVariable: keys.get(deployment.name),
  }))
  for (const server of servers) checkWords(server, request)
  checkNames(servers, request)
  return servers
}

function serverOf(
  plan: PlanFacts | undefined,
  deployment: ResolvedConfiguration['deployments'][string],
  request: RenderRequest,
): VllmServer {
  return plan === undefined ? serverOfDeployment(deployment, request) : serverOfPlan(plan, deployment, request)
}

function nothingToRender(selected: RenderInput['selected'], { format }: RenderRequest): RenderError {
  const listed = selected.map(({ name, platform }) => `${showValue(name)} is on ${showValue(platform)}`)
  const found = listed.length === 0 ? 'The configuration has no deployments.' : `${listed.slice(0, 5).join(', ')}.`
  return new RenderError({
    code: 'nothing-to-render',
    format,
    deployment: selected.length === 1 ? selected[0]?.name : undefined,
    message: `${format} is for vLLM deployments, and there is none. ${found} For other platforms there are ai-gateway-env and gitlab-form.`,
  })
}

function checkWords({ deployment, model, options }: VllmServer, { format }: RenderRequest): void {
  const refuse = (message: string) => {
    throw new RenderError({ code: 'invalid-input', format, deployment, message })
  }
  const of = `of deployment ${showValue(deployment)}`
  if (/^-/.test(model)) refuse(`The model ${of} begins with a dash, so vllm serve would take it for an option.`)
  for (const { name, values } of [{ name: 'the model', values: [model] }, ...options]) {
    if (values.some((value) => value.includes('\0'))) refuse(`The arguments ${of} hold a NUL character, under ${name}.`)
    if (values.some((value) => looksLikeSecret(value)))
      refuse(
        `The arguments ${of} hold what looks like a secret, under ${name}. Give it to the server in its environment.`,
      )
    if (wordsOf({ name, values }) === undefined)
      refuse(
        `The list of values ${of} under ${name} has one that is empty or begins with a dash; vLLM cannot take that.`,
      )
  }
}

function checkNames(servers: readonly VllmServer[], { format, options }: RenderRequest): void {
  const seen = new Map<string, string>()
  for (const { name, deployment } of servers) {
    const other = seen.get(name)
    if (other !== undefined)
      throw new RenderError({
        code: options.name === undefined ? 'unsupported' : 'invalid-option',
        format,
        deployment,
        message: `Deployments ${showValue(other)} and ${showValue(deployment)} would both be named ${name}. Render them one by one with the options deployment and name.`,
      })
    seen.set(name, deployment)
  }
}
