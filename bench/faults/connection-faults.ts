import type { Socket } from 'node:net'
import { answerText, goodBody, goodEvents, head, jsonAnswer, streamAnswer } from './answer-bytes.js'
import type { FaultCase } from './fault-case.js'

const answer = { outcome: 'answer', text: answerText } as const
const noConnection = { outcome: 'error', codes: ['connection', 'timeout'] } as const
const notHttp = { outcome: 'error', codes: ['protocol', 'connection'] } as const

const reset = (socket: Socket) => socket.resetAndDestroy()
const closeQuietly = (socket: Socket) => socket.end()

/** What goes wrong before a server has said anything in HTTP. */
export const connectionFaults: readonly FaultCase[] = [
  {
    name: 'closes every connection it accepts',
    kind: 'stream',
    serve: () => ({ onConnection: closeQuietly }),
    expected: noConnection,
  },
  {
    name: 'resets every connection it accepts',
    kind: 'generate',
    serve: () => ({ onConnection: reset }),
    expected: noConnection,
  },
  {
    name: 'accepts and says nothing, streamed',
    kind: 'stream',
    serve: () => ({}),
    expected: { outcome: 'error', codes: ['timeout'] },
  },
  {
    name: 'accepts and says nothing, whole',
    kind: 'generate',
    serve: () => ({}),
    expected: { outcome: 'error', codes: ['timeout'] },
  },
  {
    name: 'speaks SSH',
    kind: 'stream',
    serve: () => ({ onConnection: (socket) => socket.write('SSH-2.0-OpenSSH_9.6\r\n') }),
    expected: notHttp,
  },
  {
    name: 'speaks SMTP',
    kind: 'generate',
    serve: () => ({ onRequest: (socket) => socket.end('220 mail.example.com ESMTP\r\n502 5.5.2 Error\r\n') }),
    expected: notHttp,
  },
  {
    name: 'answers as HTTP/0.9 did',
    kind: 'generate',
    serve: () => ({ onRequest: (socket) => socket.end(goodBody) }),
    expected: notHttp,
  },
  {
    name: 'answers with a TLS alert',
    kind: 'generate',
    serve: () => ({ onRequest: (socket) => socket.end(Buffer.from('15030100020246', 'hex')) }),
    expected: notHttp,
  },
  {
    name: 'is asked for TLS and answers in plain HTTP',
    kind: 'stream',
    scheme: 'https',
    serve: () => ({ onConnection: (socket) => socket.end(`${head(400, { 'content-length': 0 })}`) }),
    expected: notHttp,
  },
  {
    name: 'is asked for TLS and says nothing',
    kind: 'stream',
    scheme: 'https',
    serve: () => ({}),
    expected: { outcome: 'error', codes: ['timeout', 'connection'] },
  },
  {
    name: 'resets the connection when it has the request, then answers',
    kind: 'stream',
    serve: () => ({
      onRequest: (socket, { number }) => (number === 1 ? reset(socket) : socket.write(streamAnswer(goodEvents))),
    }),
    expected: answer,
  },
  {
    name: 'closes the connection when it has the request, then answers',
    kind: 'generate',
    serve: () => ({
      onRequest: (socket, { number }) => (number === 1 ? closeQuietly(socket) : socket.write(jsonAnswer(goodBody))),
    }),
    expected: answer,
  },
  {
    name: 'resets a connection that is used again, as the request arrives',
    kind: 'stream',
    calls: 2,
    serve: () => ({
      onRequest: (socket, { number }) => (number === 2 ? reset(socket) : socket.write(streamAnswer(goodEvents))),
    }),
    expected: answer,
    maxRequests: 3,
  },
  {
    name: 'closes a connection that is used again, as the request arrives',
    kind: 'generate',
    calls: 2,
    serve: () => ({
      onRequest: (socket, { number }) => (number === 2 ? closeQuietly(socket) : socket.write(jsonAnswer(goodBody))),
    }),
    expected: answer,
    maxRequests: 3,
  },
  {
    name: 'closes an idle connection',
    kind: 'generate',
    calls: 2,
    serve: () => ({
      onRequest: (socket) => {
        socket.write(jsonAnswer(goodBody))
        setTimeout(() => socket.end(), 1)
      },
    }),
    expected: answer,
    maxRequests: 3,
  },
  {
    name: 'sends another answer that nobody asked for',
    kind: 'generate',
    calls: 2,
    serve: () => ({
      onRequest: (socket, { number }) => {
        const stolen = jsonAnswer(goodBody.replace('ready', 'not yours'))
        socket.write(number === 1 ? jsonAnswer(goodBody) + stolen : jsonAnswer(goodBody))
      },
    }),
    expected: answer,
    maxRequests: 3,
  },
]
