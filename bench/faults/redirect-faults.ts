import { answerText, goodBody, head, jsonAnswer } from './answer-bytes.js'
import type { FaultCase } from './fault-case.js'
import type { FaultServerBehaviour, FaultyRequest } from './fault-server.js'

const refused = { outcome: 'error', codes: ['protocol', 'not-found'] } as const

const redirects =
  (status: number, target: (request: FaultyRequest) => string | undefined): (() => FaultServerBehaviour) =>
  () => ({
    onRequest: (socket, request) => {
      const location = target(request)
      socket.write(head(status, { ...(location !== undefined && { location }), 'content-length': 0 }))
    },
  })

const elsewhere = ({ foreignPort }: FaultyRequest) => `http://127.0.0.1:${foreignPort}/v1/chat/completions`

/** Servers that send the client somewhere else. */
export const redirectFaults: readonly FaultCase[] = [
  ...[301, 302, 303, 307, 308].map(
    (status): FaultCase => ({
      name: `redirects to another origin with ${status}`,
      kind: status === 308 ? 'stream' : 'generate',
      serve: redirects(status, elsewhere),
      expected: refused,
      maxRequests: 1,
    }),
  ),
  {
    name: 'redirects to another path of its own',
    kind: 'generate',
    serve: () => ({
      onRequest: (socket, { head: request }) =>
        void socket.write(
          request.includes('/v2/')
            ? jsonAnswer(goodBody)
            : head(308, { location: '/v2/chat/completions', 'content-length': 0 }),
        ),
    }),
    expected: { outcome: 'answer or error', text: answerText, codes: ['protocol'] },
    maxRequests: 2,
  },
  {
    name: 'redirects to itself',
    kind: 'generate',
    serve: redirects(307, () => '/v1/chat/completions'),
    expected: refused,
    maxRequests: 5,
  },
  {
    name: 'redirects without saying where',
    kind: 'generate',
    serve: redirects(307, () => undefined),
    expected: refused,
    maxRequests: 1,
  },
  {
    name: 'redirects to a file',
    kind: 'stream',
    serve: redirects(302, () => 'file:///etc/passwd'),
    expected: refused,
    maxRequests: 1,
  },
]
