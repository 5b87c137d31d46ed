import {
  environmentOf,
  environmentPath,
  type GatewayEnvironment,
  variable,
  variablePath,
} from '../gateway-environment.js'
import type { Problem } from '../rule.js'
import { defineRule } from '../rule.js'

/** One key of a pair is set and the other is not, or a key is no PEM text. */
export const gatewaySigningKeysIncomplete = defineRule({
  id: 'gateway-signing-keys-incomplete',
  severity: 'error',
  scope: 'configuration',
  needs: ['gitlab.aiGateway.env'],
  description: 'One key of a pair is set and the other is not, or a key is no PEM text.',
  sources: [{ source: 'ai-gateway-settings' }],
  check: ({ configuration }) => {
    const environment = environmentOf(configuration.gitlab)
    if (environment === undefined) return undefined
    return ['AIGW_SELF_SIGNED_JWT__', 'DUO_WORKFLOW_SELF_SIGNED_JWT__'].flatMap((pair) => objections(environment, pair))
  },
})

function objections(environment: GatewayEnvironment, pair: string): readonly Problem[] {
  const names = [`${pair}SIGNING_KEY`, `${pair}VALIDATION_KEY`]
  const set = names.filter((name) => variable(environment, name) !== undefined)
  const notPem = set.filter((name) => !/-----BEGIN [A-Z ]*KEY-----/.test(variable(environment, name) ?? ''))
  const problems = notPem.map(
    (name): Problem => ({
      message: `${name} is no key in PEM form, so no token can be signed or checked.`,
      path: variablePath(name),
      fix: { description: 'Put the whole PEM text of an RSA key of 2048 bits into it.' },
    }),
  )
  if (set.length !== 1) return problems
  const missing = names.find((name) => !set.includes(name))
  const message = `${set[0]} is set and ${missing} is not; the two are used together.`
  return [...problems, { message, path: environmentPath, fix: { description: `Set ${missing} too.` } }]
}
