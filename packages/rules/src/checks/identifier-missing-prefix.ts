import { identifierFor, identifierOf, providerOfPlatform } from '../gitlab-identifier.js'
import { defineRule } from '../rule.js'
import { showValue } from '../show-value.js'
import { replaceIdentifier } from './identifier-fix.js'

/** The identifier has no provider in front, so the AI gateway takes it for a server with the OpenAI protocol. */
export const identifierMissingPrefix = defineRule({
  id: 'identifier-missing-prefix',
  severity: 'warning',
  scope: 'deployment',
  needs: ['identifier'],
  description:
    'The identifier has no provider in front, so the AI gateway takes it for a server with the OpenAI protocol.',
  sources: [{ source: 'ai-gateway' }, { source: 'self-hosted-model-class' }],
  check: (context) => {
    const identifier = identifierOf(context)
    if (identifier === undefined || identifier.provider !== undefined) return undefined
    const { platform = '' } = context
    const prefix = `${providerOfPlatform[platform]}/`
    const taken = platform === 'vllm' ? 'It works by luck only' : `It must start with ${prefix}`
    return {
      message: `The identifier ${showValue(identifier.text)} has no provider, which means custom_openai. ${taken}.`,
      path: '/identifier',
      ...(platform === 'vllm' ? {} : { severity: 'error' as const, verdict: 'invalid' as const }),
      fix: replaceIdentifier(identifierFor(platform, identifier.text), `Put ${prefix} in front.`),
    }
  },
})
