import {
  describesSetUp,
  environmentOf,
  environmentPath,
  isTrue,
  mentions,
  variable,
  variablePath,
} from '../gateway-environment.js'
import { defineRule } from '../rule.js'

/** The AI gateway does not know the GitLab instance, so it cannot check tokens. */
export const gatewayGitLabUrlMissing = defineRule({
  id: 'gateway-gitlab-url-missing',
  severity: 'error',
  scope: 'configuration',
  needs: ['gitlab.aiGateway.env'],
  description: 'The AI gateway does not know the GitLab instance, so it cannot check tokens.',
  sources: [{ source: 'troubleshooting-page' }, { source: 'ai-gateway-check-script' }],
  check: ({ configuration }) => {
    const environment = environmentOf(configuration.gitlab)
    if (environment === undefined || !describesSetUp(environment)) return undefined
    if (variable(environment, 'AIGW_GITLAB_URL') !== undefined) return undefined
    if (isTrue(variable(environment, 'AIGW_AUTH__BYPASS_EXTERNAL'))) return undefined
    const blank = mentions(environment, 'AIGW_GITLAB_URL')
    return {
      message: `AIGW_GITLAB_URL is ${blank ? 'blank' : 'not set'}, so the AI gateway cannot check the tokens that GitLab sends.`,
      path: blank ? variablePath('AIGW_GITLAB_URL') : environmentPath,
      fix: { description: 'Set AIGW_GITLAB_URL to the address of the GitLab instance.' },
    }
  },
})
