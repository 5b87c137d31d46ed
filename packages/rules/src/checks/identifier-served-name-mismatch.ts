import { type GitLabIdentifier, identifierFor, identifierOf } from '../gitlab-identifier.js'
import type { DeploymentContext } from '../rule.js'
import { defineRule } from '../rule.js'
import { serverFactsOf } from '../server-facts.js'
import { showValue } from '../show-value.js'
import { bareName } from './bedrock-names.js'
import { replaceIdentifier } from './identifier-fix.js'

/** The identifier asks for another name than the server answers to. */
export const identifierServedNameMismatch = defineRule({
  id: 'identifier-served-name-mismatch',
  severity: 'error',
  scope: 'deployment',
  needs: ['identifier'],
  description: 'The identifier asks for another name than the server answers to.',
  sources: [{ source: 'platforms-page-18.9' }],
  check: (context) => {
    const identifier = identifierOf(context)
    const served = servedNames(context)
    if (identifier === undefined || identifier.rest === '' || served === undefined) return undefined
    const asked = askedName(context, identifier)
    if (served.includes(asked)) return undefined
    const isBedrock = context.platform === 'bedrock'
    const [first = ''] = served
    return {
      message: `The identifier asks for ${showValue(asked)}, and the deployment answers to ${served
        .slice(0, 3)
        .map((name) => showValue(name))
        .join(', ')}.`,
      path: '/identifier',
      // On Bedrock both names may exist; GitLab and this configuration then call different models.
      ...(isBedrock ? { severity: 'warning' as const, verdict: 'warning' as const } : {}),
      fix:
        served.length === 1 && !isBedrock
          ? replaceIdentifier(
              identifierFor(context.platform ?? '', first),
              'Ask for the name the deployment answers to.',
            )
          : {
              description: isBedrock
                ? 'Name the same model in both places.'
                : 'Ask for one of the names that GET /v1/models lists.',
            },
    }
  },
})

function askedName({ platform }: DeploymentContext, { modelName }: GitLabIdentifier): string {
  return platform === 'bedrock' ? bareName(modelName) : modelName
}

// Only names that are stated: a default is no statement about the server.
function servedNames({ platform, settings }: DeploymentContext): readonly string[] | undefined {
  if (platform === 'bedrock')
    return typeof settings['modelId'] === 'string' ? [bareName(settings['modelId'])] : undefined
  if (platform === 'azure-openai')
    return typeof settings['deployment'] === 'string' ? [settings['deployment']] : undefined
  if (settings.servedModelName !== undefined) return [settings.servedModelName]
  return serverFactsOf(settings).serveArguments?.options.get('served-model-name')
}
