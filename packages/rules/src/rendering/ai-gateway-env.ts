import { plainLine } from '../formats/plain-text.js'
import { environmentOf, regionOf, variable } from '../gateway-environment.js'
import { compareGitLabVersions, parseGitLabVersion } from '../gitlab-version.js'
import type { ResolvedDeployment } from '../resolved-configuration.js'
import { showValue } from '../show-value.js'
import { isImageReference } from './image.js'
import { isPublicVariable } from './public-text.js'
import type { RenderInput } from './read-input.js'
import { RenderError } from './render-error.js'
import type { RenderRequest } from './render-format.js'
import { looksLikeSecret } from './secret-text.js'
import { shellQuote } from './shell-quote.js'

const exampleUrl = 'https://gitlab.example.com'
const signingKeys = ['AIGW_SELF_SIGNED_JWT__SIGNING_KEY', 'AIGW_SELF_SIGNED_JWT__VALIDATION_KEY']
const endpointVariable = 'AWS_BEDROCK_RUNTIME_ENDPOINT'
const agentPlatformKey = 'DUO_WORKFLOW_SELF_SIGNED_JWT__SIGNING_KEY'

/**
 * The environment of the AI gateway: one assignment per line, quoted for a POSIX shell. Secrets stand in comments, by
 * name.
 */
export function writeAiGatewayEnv(input: RenderInput, request: RenderRequest): string {
  const stated = Object.entries(environmentOf(input.configuration.gitlab) ?? {})
  const variables = new Map<string, string>([...gatewayVariables(input, request), ...awsVariables(input, request)])
  for (const [name, value] of stated) if (isPublicVariable(name, value)) variables.set(name, value)
  const secrets = secretNames(input, stated)
  checkLines([...variables, ...secrets.map((name): Variable => [name, ''])], request)
  const lines = [...variables].map(([name, value]) => `${name}=${shellQuote(value)}`)
  return `${[...comments(input, [...variables], secrets), ...lines].join('\n')}\n`
}

type Variable = readonly [name: string, value: string]

// Docker reads such a file line by line: a line break would begin another variable.
function checkLines(variables: readonly Variable[], { format }: RenderRequest): void {
  for (const [name, value] of variables) {
    const fault = faultOf(name, value)
    if (fault === undefined) continue
    throw new RenderError({
      code: 'invalid-input',
      format,
      message: `The variable ${showValue(name)} of the AI gateway ${fault}. Correct it in the configuration.`,
    })
  }
}

function faultOf(name: string, value: string): string | undefined {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return 'has a name that no environment variable can have'
  return /[\0\r\n]/.test(value) ? 'has a value of several lines, or with a NUL character' : undefined
}

function gatewayVariables({ configuration: { gitlab } }: RenderInput, { options }: RenderRequest): Variable[] {
  const stated = variable(environmentOf(gitlab), 'AIGW_GITLAB_URL')
  const url = options.gitlabUrl ?? (stated === undefined || looksLikeSecret(stated) ? exampleUrl : stated)
  const base = url.replace(/\/+$/, '')
  const portal = ['AIGW_CUSTOMER_PORTAL_URL', 'DUO_WORKFLOW_AUTH__OIDC_CUSTOMER_PORTAL_URL']
  return [
    ['AIGW_CUSTOM_MODELS__ENABLED', 'true'],
    ['AIGW_GITLAB_URL', base],
    ['AIGW_GITLAB_API_URL', `${base}/api/v4/`],
    ...(gitlab?.offline === true ? portal.map((name): Variable => [name, base]) : []),
  ]
}

function awsVariables({ configuration, selected }: RenderInput, { format }: RenderRequest): Variable[] {
  const deployments = selected.filter(({ platform }) => platform === 'bedrock')
  // What the environment states counts, and both names of the variable have to say the same.
  const stated = regionOf(environmentOf(configuration.gitlab))
  const regions = stated === undefined ? distinct(deployments.map(({ settings }) => settings['region'])) : [stated]
  const endpoints = distinct(deployments.flatMap(firstEndpoint))
  for (const [what, values] of [
    ['AWS Region', regions],
    ['address of Amazon Bedrock', endpoints],
  ] as const)
    if (values.length > 1)
      throw new RenderError({
        code: 'unsupported',
        format,
        message: `One AI gateway asks one ${what}, and the deployments state ${values.map((value) => showValue(value)).join(' and ')}. Choose a deployment with the option deployment, and run one AI gateway for each.`,
      })
  return [
    // The pages name the one, the check script of the AI gateway reads the other.
    ...regions.flatMap((region): Variable[] => [
      ['AWS_REGION', region],
      ['AWS_REGION_NAME', region],
    ]),
    ...endpoints.filter(isPublic).map((endpoint): Variable => [endpointVariable, endpoint]),
  ]
}

function firstEndpoint({ endpoints: [first] }: ResolvedDeployment): string[] {
  return first === undefined ? [] : [first]
}

function isPublic(text: string): boolean {
  return !looksLikeSecret(text)
}

function distinct(values: readonly unknown[]): string[] {
  return [...new Set(values.filter((value) => typeof value === 'string'))]
}

function secretNames(input: RenderInput, stated: readonly Variable[]): readonly string[] {
  const { configuration, selected } = input
  const names = stated.filter(([name, value]) => !isPublicVariable(name, value)).map(([name]) => name)
  const aws = selected.filter(({ platform }) => platform === 'bedrock').flatMap((one) => awsSecrets(one, names))
  return [...new Set([...aws, ...names, ...keysOfRelease(configuration.gitlab)])]
}

function awsSecrets(deployment: ResolvedDeployment, stated: readonly string[]): readonly string[] {
  const address = firstEndpoint(deployment).every(isPublic) ? [] : [endpointVariable]
  return [...credentialsOf(deployment, stated), ...address]
}

function credentialsOf(
  { settings: { credentials } }: ResolvedDeployment,
  stated: readonly string[],
): readonly string[] {
  if (credentials === 'instance-role' || credentials === 'irsa') return []
  if (credentials === 'bearer' || stated.includes('AWS_BEARER_TOKEN_BEDROCK')) return ['AWS_BEARER_TOKEN_BEDROCK']
  return ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']
}

// The keys are documented from 18.11 on; that of the Agent Platform is needed as soon as it is used.
function keysOfRelease(gitlab: RenderInput['configuration']['gitlab']): readonly string[] {
  const version = parseGitLabVersion(gitlab?.version ?? '')
  const signs = version !== undefined && compareGitLabVersions(version, [18, 11, 0]) >= 0
  return [...(signs ? signingKeys : []), ...(gitlab?.agentPlatformUrl === undefined ? [] : [agentPlatformKey])]
}

function comments(input: RenderInput, variables: readonly Variable[], secrets: readonly string[]): string[] {
  const { selected, configuration } = input
  const isExample = variables.some(([name, value]) => name === 'AIGW_GITLAB_URL' && value === exampleUrl)
  const isQuoted = variables.some(([, value]) => shellQuote(value) !== value)
  const roles = selected.some(
    ({ settings: { credentials } }) => credentials === 'instance-role' || credentials === 'irsa',
  )
  const lines = [
    'Environment of the AI gateway. Start it with:',
    `  docker run --env-file ai-gateway.env ${secrets.map((name) => `--env ${name} `).join('')}--publish 5052:5052 --publish 50052:50052 ${gatewayImage(configuration.gitlab)}`,
    ...(secrets.length === 0
      ? []
      : [`Secrets are not in this file. Set them in the environment of that command: ${secrets.join(', ')}.`]),
    ...(roles ? ['Amazon Bedrock: the credentials are those of the role that the AI gateway runs under.'] : []),
    ...(selected.some(({ platform }) => platform === 'azure-openai')
      ? ['Azure OpenAI needs no variable: address and key are entered in GitLab.']
      : []),
    ...(isExample ? [`Replace ${exampleUrl} by the address of your GitLab instance.`] : []),
    ...(isQuoted
      ? [
          'Values in quotes are for a shell and for Docker Compose; docker run takes the quotes literally, so pass those with --env.',
        ]
      : []),
  ]
  return lines.map((line) => `# ${plainLine(line)}`)
}

function gatewayImage(gitlab: RenderInput['configuration']['gitlab']): string {
  const written = gitlab?.aiGateway?.imageTag
  if (written !== undefined && /[/@]/.test(written) && isImageReference(written)) return written
  if (written !== undefined && isImageReference(`gitlab/model-gateway:${written}`))
    return `gitlab/model-gateway:${written}`
  const version = parseGitLabVersion(gitlab?.version ?? '')
  return `gitlab/model-gateway:self-hosted-v${version === undefined ? 'X.Y' : `${version[0]}.${version[1]}`}.Z-ee`
}
