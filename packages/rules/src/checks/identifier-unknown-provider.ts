import { identifierFor, identifierOf, knownProviders, providerOfPlatform } from '../gitlab-identifier.js'
import { defineRule } from '../rule.js'
import { showValue } from '../show-value.js'
import { replaceIdentifier } from './identifier-fix.js'

/** What stands before the first slash is no provider; a Hugging Face organisation is taken for one. */
export const identifierUnknownProvider = defineRule({
  id: 'identifier-unknown-provider',
  severity: 'error',
  scope: 'deployment',
  needs: ['identifier'],
  description: 'What stands before the first slash is no provider; a Hugging Face organisation is taken for one.',
  sources: [{ source: 'ai-gateway' }],
  check: (context) => {
    const identifier = identifierOf(context)
    if (identifier?.provider === undefined || identifier.rest === '') return undefined
    const { provider } = identifier
    if (knownProviders.has(provider)) return undefined
    const { platform = '' } = context
    const misspelled = knownProviders.has(provider.toLowerCase())
    return {
      message: `The AI gateway takes ${showValue(provider)} in the identifier ${showValue(identifier.text)} for a provider, and knows none of that name.`,
      path: '/identifier',
      fix: replaceIdentifier(
        identifierFor(platform, identifier.modelName),
        misspelled ? 'Write the provider in lower case.' : `Put ${providerOfPlatform[platform]}/ in front.`,
      ),
    }
  },
})
