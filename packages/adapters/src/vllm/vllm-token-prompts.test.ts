import type { Socket } from 'node:net'
import { startEmulator } from '@duo-models/emulator'
import { describe, expect, it } from 'vitest'
import { planCodeCompletion } from '../fill-in-the-middle/plan-code-completion.js'
import { jsonAnswer, type ReceivedRequest, startByteServer } from '../testing/byte-server.js'
import { errorOf, openCall } from '../testing/run-stream.js'
import { vllmAdapter } from './vllm-adapter.js'

const answer = '{"choices":[{"index":0,"text":"ok","finish_reason":"stop"}]}'
const { request } = planCodeCompletion({
  modelId: 'codestral-22b-v0.1',
  prefix: 'ab',
  suffix: 'cd',
  rawCompletion: true,
})

/** A tokenizer with one token per character, BOS and a blank before every text; control tokens are text to it. */
function tokenize(text: string): number[] {
  return [1, 29_473, ...[...text].map((character) => 1_000 + (character.codePointAt(0) ?? 0))]
}

function reply(toTokens: (text: string) => unknown) {
  return (socket: Socket, { head, body }: ReceivedRequest): void => {
    if (!head.startsWith('POST /tokenize ')) socket.write(jsonAnswer(200, answer))
    else socket.write(jsonAnswer(200, JSON.stringify({ tokens: toTokens(JSON.parse(body).prompt) })))
  }
}

async function sentPrompts(toTokens: (text: string) => unknown, serveArgs?: unknown, count = 1) {
  const server = await startByteServer(reply(toTokens))
  const connection = await connect(server.origin, serveArgs)
  for (let index = 0; index < count; index++) await connection.generate(request, openCall())
  await connection.close()
  await server.close()
  const isAnswer = ({ head }: ReceivedRequest) => head.startsWith('POST /v1/completions ')
  const questions = server.requests.filter((each) => !isAnswer(each)).map(({ body }) => JSON.parse(body).prompt)
  return { prompts: server.requests.filter(isAnswer).map(({ body }) => JSON.parse(body).prompt), questions }
}

function connect(origin: string, serveArgs?: unknown) {
  const settings = serveArgs === undefined ? {} : { server: { serveArgs } }
  const target = { deployment: 'code', model: 'codestral-22b-v0.1', servedModelName: 'served', settings }
  return vllmAdapter.connect({ ...target, endpoint: `${origin}/v1` }, { connectTimeoutMs: 2_000, maxConnections: 8 })
}

const idPrompt = [1, 13, 1_099, 1_100, 11, 29_473, 1_097, 1_098]

describe('a fill-in-the-middle prompt', () => {
  it.each([['serve m --tokenizer-mode mistral'], [['--tokenizer_mode=mistral']], [['--tokenizer-mode', 'mistral']]])(
    'goes as ids where the server was started so: %j',
    async (serveArgs) => {
      const { prompts, questions } = await sentPrompts(tokenize, serveArgs, 2)
      expect(prompts).toEqual([idPrompt, idPrompt])
      expect(questions.filter((text) => text === '☺')).toHaveLength(1)
    },
  )

  it.each([[undefined], ['--tokenizer-mode hf'], [['--max-model-len', '4096']]])(
    'goes as text, and without a question, to any other server: %j',
    async (serveArgs) => {
      const expected = { prompts: ['[SUFFIX]cd[PREFIX]ab'], questions: [] }
      expect(await sentPrompts(tokenize, serveArgs)).toEqual(expected)
    },
  )

  it.each([['no list'], [null], [[1.5]], [[1, -1]]])(
    'is not made from an answer without tokens: %j',
    async (tokens) => {
      await expect(sentPrompts(() => tokens, '--tokenizer-mode mistral')).rejects.toMatchObject({ code: 'protocol' })
    },
  )

  it('is not made from tokens that do not begin with those of the mark', async () => {
    const merging = (text: string) => [1, ...([...text].length > 1 ? [7, 8, 9] : [5])]
    await expect(sentPrompts(merging, '--tokenizer-mode mistral')).rejects.toMatchObject({ code: 'protocol' })
  })

  it('fails with a clear error where ids are needed and cannot be had', async () => {
    const server = await startByteServer((socket) => socket.write(jsonAnswer(404, '{"detail":"Not Found"}')))
    const connection = await connect(server.origin, '--tokenizer-mode mistral')
    const error = await errorOf(connection.generate(request, openCall()))
    expect(error).toMatchObject({ code: 'not-found', deployment: 'code' })
    expect(error.message).toMatch(/\/tokenize answered 404.*a gateway in front of it hides it/)
    await connection.close()
    await server.close()
  })

  it('goes as text to the emulator, whose tokenizer knows control tokens', async () => {
    const emulator = await startEmulator({ platform: 'vllm', servedModelName: 'served', speed: 0 })
    const connection = await connect(emulator.url)
    await connection.generate(request, openCall())
    expect(emulator.requests.at(-1)?.json).toMatchObject({ prompt: '[SUFFIX]cd[PREFIX]ab' })
    await connection.close()
    await emulator.close()
  })
})
