import { builtInLookup } from '../catalog-lookup.js'
import type { DeploymentContext, Problem } from '../rule.js'
import { defineRule } from '../rule.js'
import { optionNameOf, type ServerFact, serverFactsOf } from '../server-facts.js'
import { showValue } from '../show-value.js'

/** The vllm serve arguments and the fields of the deployment state different things. */
export const serveArgsConflict = defineRule({
  id: 'serve-args-conflict',
  severity: 'warning',
  scope: 'deployment',
  platforms: ['vllm'],
  needs: ['server.serveArgs'],
  description: 'The vllm serve arguments and the fields of the deployment state different things.',
  sources: [{ source: 'vllm-engine-arguments' }],
  check: (context) => {
    if (context.platform !== 'vllm' || context.settings.server?.serveArgs === undefined) return undefined
    return [...factConflicts(context), ...nameConflict(context), ...modelConflict(context), ...keyConflict(context)]
  },
})

function factConflicts({ settings }: DeploymentContext): readonly Problem[] {
  const facts = Object.entries(serverFactsOf(settings).fromArguments) as [ServerFact, string | number][]
  return facts.flatMap(([fact, stated]) => {
    const field = settings.server?.[fact]
    if (field === undefined || field === stated) return []
    return conflict(
      `${optionNameOf(fact)} is ${showValue(stated)}, and the field says ${showValue(field)}`,
      `/server/${fact}`,
    )
  })
}

function nameConflict({ settings }: DeploymentContext): readonly Problem[] {
  const served = serverFactsOf(settings).serveArguments?.options.get('served-model-name')
  const { servedModelName } = settings
  if (served === undefined || servedModelName === undefined || served.includes(servedModelName)) return []
  const stated = served
    .slice(0, 3)
    .map((name) => showValue(name))
    .join(', ')
  const [problem] = conflict(
    `--served-model-name is ${stated}, and the field says ${showValue(servedModelName)}`,
    '/servedModelName',
  )
  return problem === undefined ? [] : [{ ...problem, severity: 'error', verdict: 'invalid' }]
}

function modelConflict({ settings, model, lookup = builtInLookup }: DeploymentContext): readonly Problem[] {
  const { serveArguments } = serverFactsOf(settings)
  const written = serveArguments?.model ?? serveArguments?.options.get('model')?.[0]
  const served =
    written === undefined ? undefined : lookup.findModel(written.replace(/\/+$/, '').split('/').slice(-2).join('/'))
  if (model === undefined || served === undefined || served.id === model.id) return []
  return conflict(`the server is started with ${served.name}, and the deployment says ${model.name}`, '/model')
}

function keyConflict({ settings }: DeploymentContext): readonly Problem[] {
  const keys = serverFactsOf(settings).serveArguments?.options.get('api-key')
  if (keys === undefined || settings.apiKey === undefined || keys.includes(settings.apiKey)) return []
  // A placeholder for the environment says nothing about the key that stands for it.
  if ([...keys, settings.apiKey].some((key) => key.includes('$'))) return []
  return conflict('--api-key is another key than apiKey', '/apiKey')
}

function conflict(what: string, path: string): readonly Problem[] {
  const message = `serveArgs and the deployment disagree: ${what}.`
  return [{ message, path, fix: { description: 'State it once, or the same in both places.' } }]
}
