import { identifierFor, identifierOf, knownProviders, providerOfPlatform } from '../gitlab-identifier.js'
import { defineRule } from '../rule.js'
import { showValue } from '../show-value.js'
import { replaceIdentifier } from './identifier-fix.js'

/** The provider of the identifier belongs to another platform than the deployment. */
export const identifierProviderPlatformMismatch = defineRule({
  id: 'identifier-provider-platform-mismatch',
  severity: 'error',
  scope: 'deployment',
  needs: ['identifier'],
  description: 'The provider of the identifier belongs to another platform than the deployment.',
  sources: [{ source: 'configuration-page' }, { source: 'self-hosted-model-class' }],
  check: (context) => {
    const identifier = identifierOf(context)
    if (identifier?.provider === undefined || identifier.rest === '' || context.platform === undefined) return undefined
    const expected = providerOfPlatform[context.platform]
    if (identifier.provider === expected || !knownProviders.has(identifier.provider)) return undefined
    return {
      message: `The identifier ${showValue(identifier.text)} sends requests to ${identifier.provider}; the platform is ${context.platform}, whose provider is ${expected}.`,
      path: '/identifier',
      fix: replaceIdentifier(identifierFor(context.platform, identifier.modelName), `Write ${expected}/ in front.`),
    }
  },
})
