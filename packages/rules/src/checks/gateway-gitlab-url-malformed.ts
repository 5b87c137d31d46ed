import { environmentOf, variable, variablePath } from '../gateway-environment.js'
import { httpUrl } from '../network-address.js'
import type { Problem } from '../rule.js'
import { defineRule } from '../rule.js'
import { holdsSecret, showValue } from '../show-value.js'

/** The address of the GitLab instance is not of the form that the AI gateway needs. */
export const gatewayGitLabUrlMalformed = defineRule({
  id: 'gateway-gitlab-url-malformed',
  severity: 'error',
  scope: 'configuration',
  needs: ['gitlab.aiGateway.env'],
  description: 'The address of the GitLab instance is not of the form that the AI gateway needs.',
  sources: [{ source: 'ai-gateway-install-page' }],
  check: ({ configuration }) => {
    const environment = environmentOf(configuration.gitlab)
    if (environment === undefined) return undefined
    const problems: Problem[] = []
    for (const name of ['AIGW_GITLAB_URL', 'AIGW_GITLAB_API_URL']) {
      const written = variable(environment, name)
      if (written === undefined) continue
      if (httpUrl(written) === undefined) problems.push(noAddress(name, written))
      else if (name === 'AIGW_GITLAB_API_URL' && !written.endsWith('/api/v4/'))
        problems.push(noApiAddress(name, written))
    }
    return problems
  },
})

function noAddress(name: string, written: string): Problem {
  return {
    message: `${name} is ${showValue(written)}, which is no http or https address.`,
    path: variablePath(name),
    fix: { description: 'Write the whole address, such as https://gitlab.example.com.' },
  }
}

function noApiAddress(name: string, written: string): Problem {
  const base = written.replace(/\/+(?:api(?:\/+v4)?)?\/*$/, '')
  const patch = [{ op: 'replace' as const, path: variablePath(name), value: `${base}/api/v4/` }]
  return {
    message: `${name} is ${showValue(written)}, which does not end in /api/v4/.`,
    path: variablePath(name),
    severity: 'warning',
    verdict: 'warning',
    fix: { description: 'End it in /api/v4/.', ...(holdsSecret(written) ? {} : { patch }) },
  }
}
