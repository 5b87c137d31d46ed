import { Buffer } from 'node:buffer'
import type { Socket } from 'node:net'
import { answerTokens } from '../inputs/answer-tokens.js'
import { httpChunk } from '../inputs/http-chunk.js'

/** Time of one step of the engine: every answer that is under way gets one token. */
const stepMs = 2
const tokens = answerTokens(24)
const frame =
  '"id":"cmpl-5f1c0f3b2a7d4e6c8b9a0d1e2f3a4b5c","object":"text_completion","created":1763840000,"model":"code"'
const lastChunk = Buffer.from('0\r\n\r\n')
const streamHead = Buffer.from(
  'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\ntransfer-encoding: chunked\r\n\r\n',
)

interface OpenAnswer {
  readonly socket: Socket
  readonly prompts: number
  readonly isStreamed: boolean
  step: number
}

function usage(count: number): string {
  return `"usage":{"prompt_tokens":120,"total_tokens":${120 + count},"completion_tokens":${count}}`
}

function event(data: string): Buffer {
  return httpChunk(`data: ${data}\n\n`)
}

/** What is written of each choice in each step, made once. */
const events = new Map<number, readonly Buffer[]>()

function eventsOf(choice: number): readonly Buffer[] {
  const known = events.get(choice)
  if (known !== undefined) return known
  const made = tokens.map((token, step) => {
    const reason = step === tokens.length - 1 ? '"stop"' : 'null'
    const text = `{"index":${choice},"text":${JSON.stringify(token)},"logprobs":null,"finish_reason":${reason},"stop_reason":null}`
    return event(`{${frame},"choices":[${text}],${usage(step + 1)}}`)
  })
  events.set(choice, made)
  return made
}

function wholeAnswer(): Buffer {
  const choice = `{"index":0,"text":${JSON.stringify(tokens.join(''))},"logprobs":null,"finish_reason":"stop","stop_reason":null,"prompt_logprobs":null}`
  const body = `{${frame},"choices":[${choice}],${usage(tokens.length)}}`
  return Buffer.from(
    `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}

const whole = wholeAnswer()

/**
 * Answers completions as vLLM does: in steps, a token for each prompt, and every event a write of its own, one after the
 * other, whether it belongs to a request of its own or not.
 */
export class CompletionTurns {
  readonly #open = new Set<OpenAnswer>()
  #writes: (() => void)[] = []
  #isRunning = false

  /** Begins to answer a request with so many prompts. */
  add(socket: Socket, prompts: number, isStreamed: boolean): void {
    if (isStreamed) socket.write(streamHead)
    this.#open.add({ socket, prompts, isStreamed, step: 0 })
    if (this.#isRunning) return
    this.#isRunning = true
    setImmediate(this.#turn, performance.now() + stepMs)
  }

  readonly #turn = (due: number): void => {
    const write = this.#writes.pop()
    if (write !== undefined) write()
    else if (this.#open.size === 0) {
      this.#isRunning = false
      return
    }
    if (write !== undefined || performance.now() < due) {
      setImmediate(this.#turn, due)
      return
    }
    for (const answer of this.#open) this.#step(answer)
    this.#writes.reverse()
    setImmediate(this.#turn, performance.now() + stepMs)
  }

  #step(answer: OpenAnswer): void {
    const { socket, prompts, isStreamed } = answer
    const step = answer.step++
    const isLast = answer.step === tokens.length
    if (isLast || socket.destroyed) this.#open.delete(answer)
    if (socket.destroyed) return
    if (!isStreamed) {
      if (isLast) this.#writes.push(() => socket.write(whole))
      return
    }
    for (let choice = 0; choice < prompts; choice += 1) {
      const bytes = eventsOf(choice)[step] as Buffer
      this.#writes.push(() => socket.write(bytes))
    }
    if (!isLast) return
    const total = event(`{${frame},"choices":[],${usage(tokens.length * prompts)}}`)
    this.#writes.push(() => socket.write(Buffer.concat([total, event('[DONE]'), lastChunk])))
  }
}
