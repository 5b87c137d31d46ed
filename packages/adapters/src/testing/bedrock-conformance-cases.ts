import { bedrockExchanges } from './bedrock-exchanges.js'
import { createBehaviourCases, type EndlessAnswer } from './behaviour-cases.js'
import type { ConformanceCase } from './conformance-case.js'
import { createWireCase } from './create-wire-case.js'
import { encodeConverseEvent } from './event-stream-message.js'

/** An endless answer of ConverseStream. */
export const bedrockEndlessAnswer: EndlessAnswer = {
  headers: [['content-type', 'application/vnd.amazon.eventstream']],
  start: encodeConverseEvent('messageStart', { role: 'assistant' }),
  delta: encodeConverseEvent('contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'x'.repeat(1024) } }),
}

/** Every case for an adapter of Amazon Bedrock. */
export const bedrockConformanceCases: readonly ConformanceCase[] = [
  ...bedrockExchanges.map(createWireCase),
  ...createBehaviourCases(bedrockEndlessAnswer),
]
