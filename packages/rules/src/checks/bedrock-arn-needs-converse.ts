import { identifierFor, identifierOf } from '../gitlab-identifier.js'
import { defineRule } from '../rule.js'
import { showValue } from '../show-value.js'
import { replaceIdentifier } from './identifier-fix.js'

/** The identifier is an ARN without converse/ in front, and such calls fail. */
export const bedrockArnNeedsConverse = defineRule({
  id: 'bedrock-arn-needs-converse',
  severity: 'error',
  scope: 'deployment',
  platforms: ['bedrock'],
  needs: ['identifier'],
  description: 'The identifier is an ARN without converse/ in front, and such calls fail.',
  sources: [{ source: 'bedrock-own-models-guide' }],
  check: (context) => {
    const identifier = context.platform === 'bedrock' ? identifierOf(context) : undefined
    if (identifier === undefined || !identifier.modelName.startsWith('arn:')) return undefined
    return {
      message: `The identifier ${showValue(identifier.text)} names an ARN; without converse/ in front the call fails.`,
      path: '/identifier',
      fix: replaceIdentifier(
        identifierFor('bedrock', identifier.modelName),
        'Write bedrock/converse/ in front of the ARN.',
      ),
    }
  },
})
