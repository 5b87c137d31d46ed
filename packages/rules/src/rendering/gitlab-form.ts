import { catalog } from '../catalog/catalog.js'
import type { GitLabSettings } from '../configuration.js'
import { plainLine } from '../formats/plain-text.js'
import { identifierFor } from '../gitlab-identifier.js'
import type { ResolvedConfiguration, ResolvedDeployment } from '../resolved-configuration.js'
import { secretInAddress } from '../secret-in-address.js'
import { jsonText } from './json-text.js'
import { keyVariables } from './key-variables.js'
import type { RenderInput } from './read-input.js'
import { RenderError } from './render-error.js'
import type { RenderRequest } from './render-format.js'
import { looksLikeSecret } from './secret-text.js'

type Row = readonly [label: string, value: string]

/** The values that an administrator types into GitLab's forms, form by form. */
export function writeGitLabForm(input: RenderInput, request: RenderRequest): string {
  const { configuration, selected } = input
  const deployments = selected.filter(({ platform }) => Object.hasOwn(platformNames, platform))
  if (deployments.length === 0)
    throw new RenderError({
      code: 'nothing-to-render',
      format: request.format,
      message: 'There is no deployment to enter in GitLab: none is on vllm, bedrock or azure-openai.',
    })
  const keys = keyVariables(configuration)
  const sections = [
    instanceRows(configuration.gitlab),
    ...deployments.map((deployment) => deploymentRows(deployment, keys.get(deployment.name))),
    featureRows(configuration, deployments),
  ]
  return sections
    .filter((section) => section.rows.length > 0)
    .map(writeSection)
    .join('\n')
}

interface Section {
  readonly title: string
  readonly rows: readonly Row[]
  readonly notes: readonly string[]
}

function writeSection({ title, rows, notes }: Section): string {
  const width = Math.max(...rows.map(([label]) => label.length))
  const lines = rows.map(([label, value]) => `  ${label.padEnd(width)}  ${oneLine(value)}`)
  return [title, ...lines, ...notes.map((note) => `  ${oneLine(note)}`)].map((line) => `${line}\n`).join('')
}

// What cannot be typed in one line is shown as JSON, so that nothing is lost and nothing looks like another field.
function oneLine(value: string): string {
  return plainLine(value) === value ? value : jsonText(value)
}

function instanceRows(gitlab: GitLabSettings | undefined): Section {
  const { aiGateway, agentPlatformUrl, betaFeatures } = gitlab ?? {}
  const rows: Row[] = []
  if (aiGateway?.url !== undefined)
    rows.push(['Local AI Gateway URL', shownAddress(aiGateway.url, 'gitlab.aiGateway.url')])
  if (aiGateway?.timeoutSeconds !== undefined)
    rows.push(['AI Gateway request timeout', `${aiGateway.timeoutSeconds} seconds`])
  if (agentPlatformUrl !== undefined)
    rows.push([
      'Local URL for the GitLab Duo Agent Platform service',
      shownAddress(agentPlatformUrl, 'gitlab.agentPlatformUrl'),
    ])
  if (betaFeatures === true) rows.push(['Use beta models and features in GitLab Duo Self-Hosted', 'ticked'])
  return { title: 'Admin > GitLab Duo > Change configuration', rows, notes: [] }
}

const platformNames: Readonly<Record<string, string>> = {
  vllm: 'API',
  'azure-openai': 'API',
  bedrock: 'Amazon Bedrock',
}

function deploymentRows(deployment: ResolvedDeployment, keyVariable: string | undefined): Section {
  const { name, platform, endpoints, settings, servedModelName } = deployment
  const isBedrock = platform === 'bedrock'
  const [endpoint] = endpoints
  const apiKey = keyVariable === undefined || isBedrock ? '(leave empty)' : `(the value of ${keyVariable})`
  return {
    title: 'Admin > GitLab Duo > Configure GitLab Duo Self-Hosted > Add self-hosted model',
    rows: [
      ['Deployment name', name],
      ['Platform, where the form asks', platformNames[platform] ?? platform],
      ['Model family', familyOf(deployment)],
      [
        'Endpoint',
        isBedrock || endpoint === undefined ? '(leave empty)' : shownAddress(endpoint, `deployments.${name}.endpoint`),
      ],
      ['API key', apiKey],
      ['Model identifier', shownText(settings.identifier ?? identifierFor(platform, servedModelName))],
    ],
    notes:
      endpoints.length > 1
        ? [
            `GitLab takes one address. Put a load balancer in front of the ${endpoints.length} replicas and enter its address.`,
          ]
        : [],
  }
}

function familyOf({ settings, model }: ResolvedDeployment): string {
  const key = settings.modelFamily ?? model?.familyKey
  if (key !== undefined && Object.hasOwn(catalog.families, key)) return catalog.families[key].name
  return `${catalog.families.general.name} (the documentation does not list this model; from GitLab 18.3 on)`
}

function shownAddress(address: string, where: string): string {
  return secretInAddress(address) === undefined && !looksLikeSecret(address)
    ? address
    : `(the address in ${where}: it holds a secret)`
}

function shownText(text: string): string {
  return looksLikeSecret(text) ? '(not shown: it looks like a secret)' : text
}

function featureRows({ features }: ResolvedConfiguration, deployments: readonly ResolvedDeployment[]): Section {
  const names = new Set(deployments.map(({ name }) => name))
  const routes = Object.values(catalog.features).flatMap(({ id, title }) => {
    const primary = features[id]?.[0]
    return primary !== undefined && names.has(primary) ? [[title, primary] as const] : []
  })
  return {
    title: 'Admin > GitLab Duo > Configure GitLab Duo Self-Hosted > AI-native features',
    rows: routes,
    notes: [],
  }
}
