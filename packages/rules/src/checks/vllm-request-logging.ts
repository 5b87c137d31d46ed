import { comparePep440, knownPep440 } from '../pep440.js'
import { defineRule } from '../rule.js'
import { serverFactsOf } from '../server-facts.js'

/** The server logs every request, which costs latency in production. */
export const vllmRequestLogging = defineRule({
  id: 'vllm-request-logging',
  severity: 'info',
  scope: 'deployment',
  platforms: ['vllm'],
  needs: ['server.serveArgs'],
  description: 'The server logs every request, which costs latency in production.',
  sources: [{ source: 'platforms-page-18.9' }],
  check: ({ platform, settings, gitlab }) => {
    const options = platform === 'vllm' ? serverFactsOf(settings).serveArguments?.options : undefined
    if (options === undefined || gitlab?.environment === 'troubleshooting') return undefined
    const asked = options.has('enable-log-requests')
    if (!asked && (options.has('disable-log-requests') || !logsByDefault(settings.server?.version))) return undefined
    return {
      message: `The server logs every request${asked ? '' : ' by default'}; the page advises against it in production.`,
      path: '/server/serveArgs',
      fix: { description: asked ? 'Remove --enable-log-requests.' : 'Add --disable-log-requests.' },
    }
  },
})

// From 0.12.0 on vLLM documents request logging as off; when that changed before, no source says.
function logsByDefault(written: string | undefined): boolean {
  const [version, off] = [knownPep440(written ?? ''), knownPep440('0.12.0')]
  return version !== undefined && off !== undefined && comparePep440(version, off) < 0
}
