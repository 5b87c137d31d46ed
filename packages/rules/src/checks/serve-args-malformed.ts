import { defineRule } from '../rule.js'
import { serverFactsOf } from '../server-facts.js'
import { problemsAmong } from './problems-among.js'

/** The vllm serve arguments cannot be read, and the server would not start with them. */
export const serveArgsMalformed = defineRule({
  id: 'serve-args-malformed',
  severity: 'error',
  scope: 'deployment',
  platforms: ['vllm'],
  needs: ['server.serveArgs'],
  description: 'The vllm serve arguments cannot be read, and the server would not start with them.',
  sources: [{ source: 'vllm-engine-arguments' }],
  check: ({ platform, settings }) =>
    platform !== 'vllm'
      ? undefined
      : problemsAmong(serverFactsOf(settings).problems, (problem) => ({
          message: `serveArgs: ${problem}`,
          path: '/server/serveArgs',
          fix: { description: 'Write the arguments as they follow vllm serve, one per entry or as one line.' },
        })),
})
