import { isSecretName } from '../formats/secret-name.js'
import type { ResolvedConfiguration, ResolvedDeployment } from '../resolved-configuration.js'
import { serverFactsOf } from '../server-facts.js'
import { keyVariables } from './key-variables.js'
import { isPublicVariable } from './public-text.js'
import type { RenderInput } from './read-input.js'
import { RenderError } from './render-error.js'
import type { RenderRequest } from './render-format.js'
import { isSecretOption, looksLikeSecret, variableIn } from './secret-text.js'
import { wordsOf } from './serve-option.js'
import { toYaml, type YamlMap } from './yaml.js'

/** The configuration as a file `duo-models.yaml`. Secrets become references, which the file loader fills in. */
export function writeDuoModelsFile({ configuration, selected }: RenderInput, request: RenderRequest): string {
  const keys = keyVariables(configuration)
  const deployments = selected.map((one) => [one.name, settingsOf(one, keys.get(one.name))] as const)
  const features = featuresOf(configuration, new Set(selected.map(({ name }) => name)))
  const value = {
    gitlab: gitlabOf(configuration),
    deployments: deployments.length === 0 ? undefined : Object.fromEntries(deployments),
    features: features.length === 0 ? undefined : Object.fromEntries(features),
  }
  refuseSecrets(value, [], request)
  return toYaml(value as YamlMap)
}

function settingsOf({ settings }: ResolvedDeployment, keyVariable: string | undefined): object {
  const { apiKey, server, ...rest } = settings
  return {
    ...rest,
    apiKey: apiKey === undefined ? undefined : reference(keyVariable ?? 'API_KEY'),
    server: server && { ...server, serveArgs: serveArgsOf(settings, keyVariable) },
  }
}

// Arguments without a secret stay as they are written.
function serveArgsOf(settings: ResolvedDeployment['settings'], keyVariable = 'VLLM_API_KEY'): unknown {
  const { serveArguments } = serverFactsOf(settings)
  if (serveArguments === undefined) return undefined
  const { model, options } = serveArguments
  if (![...options].some(([name, values]) => isLiteralSecret(name, values))) return settings.server?.serveArgs
  const words = [...options].flatMap(([name, values]) => {
    const variable = name === 'api-key' ? keyVariable : name.replaceAll('-', '_').toUpperCase()
    return wordsOf({ name, values: isLiteralSecret(name, values) ? [reference(variable)] : values }) ?? []
  })
  return model === undefined ? words : [model, ...words]
}

function isLiteralSecret(name: string, values: readonly string[]): boolean {
  return isSecretOption(name) && values.some((value) => variableIn(value) === undefined)
}

function reference(variable: string): string {
  return `\${${variable}}`
}

function gitlabOf({ gitlab }: ResolvedConfiguration): object | undefined {
  if (gitlab?.aiGateway?.env === undefined) return gitlab
  const env = Object.entries(gitlab.aiGateway.env).map(
    ([name, value]) => [name, isPublicVariable(name, value) ? value : reference(name)] as const,
  )
  return { ...gitlab, aiGateway: { ...gitlab.aiGateway, env: Object.fromEntries(env) } }
}

function featuresOf(
  { features }: ResolvedConfiguration,
  names: ReadonlySet<string>,
): readonly (readonly [string, readonly string[] | string])[] {
  return Object.entries(features).flatMap(([feature, route]) => {
    const [first, ...others] = route.filter((name) => names.has(name))
    return first === undefined ? [] : [[feature, others.length === 0 ? first : [first, ...others]] as const]
  })
}

// What is left can only stand where no secret belongs: in an address, or under a key of the caller's own.
function refuseSecrets(value: unknown, path: readonly string[], request: RenderRequest): void {
  if (typeof value === 'object' && value !== null)
    for (const [key, member] of Object.entries(value)) refuseSecrets(member, [...path, key], request)
  if (typeof value !== 'string' || variableIn(value) !== undefined || isKnownPublic(path)) return
  const name = path.at(-1) ?? ''
  if (looksLikeSecret(value) || (isSecretName(name) && !path.includes('serveArgs')))
    throw new RenderError({
      code: 'invalid-input',
      format: request.format,
      message: `${path.join('.')} holds what looks like a secret, and no file may. Write a reference to a variable, of the form $\{NAME}.`,
    })
}

function isKnownPublic(path: readonly string[]): boolean {
  return path[0] === 'gitlab' && path[2] === 'env'
}
