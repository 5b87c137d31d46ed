import { identifierOf } from '../gitlab-identifier.js'
import { defineRule } from '../rule.js'
import { showValue } from '../show-value.js'

/** The identifier names a provider and no model. */
export const identifierWithoutName = defineRule({
  id: 'identifier-without-name',
  severity: 'error',
  scope: 'deployment',
  needs: ['identifier'],
  description: 'The identifier names a provider and no model.',
  sources: [{ source: 'ai-gateway' }],
  check: (context) => {
    const identifier = identifierOf(context)
    if (identifier?.provider === undefined || identifier.rest !== '') return undefined
    return {
      message: `Nothing follows the slash of the identifier ${showValue(identifier.text)}; the AI gateway then asks for a model of that very name.`,
      path: '/identifier',
      fix: { description: 'Put the name that the server lists behind the slash.' },
    }
  },
})
