import { comparePep440, knownPep440 } from '../pep440.js'
import { defineRule } from '../rule.js'
import { serverFactsOf } from '../server-facts.js'

/** The option is deprecated in the stated vLLM version. */
export const vllmOptionDeprecated = defineRule({
  id: 'vllm-option-deprecated',
  severity: 'info',
  scope: 'deployment',
  platforms: ['vllm'],
  needs: ['server.serveArgs'],
  description: 'The option is deprecated in the stated vLLM version.',
  sources: [{ source: 'gpt-oss-guide' }],
  check: ({ platform, settings }) => {
    const options = platform === 'vllm' ? serverFactsOf(settings).serveArguments?.options : undefined
    if (options?.has('disable-log-requests') !== true) return undefined
    const [version, since] = [knownPep440(settings.server?.version ?? ''), knownPep440('0.12.0')]
    if (version === undefined || since === undefined || comparePep440(version, since) < 0) return undefined
    return {
      message: '--disable-log-requests is deprecated since vLLM 0.12.0, where request logging is off.',
      path: '/server/serveArgs',
      fix: { description: 'Remove the option.' },
    }
  },
})
