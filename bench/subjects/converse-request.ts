import { messages } from './subject.js'

/** The model that is asked; a server of the benchmarks takes any. */
export const modelId = 'anthropic.claude-3-5-sonnet-20241022-v2:0'

const [system, user] = messages

/** What every subject asks of Bedrock, as the AWS SDK takes it. */
export const converseInput = {
  system: [{ text: system?.content ?? '' }],
  messages: [{ role: 'user' as const, content: [{ text: user?.content ?? '' }] }],
  inferenceConfig: { maxTokens: 4096, temperature: 0.2 },
}

/** The body of the bare clients. */
export const converseBody = JSON.stringify(converseInput)

/** The path of the bare clients, behind the endpoint. */
export function conversePath(stream: boolean): string {
  return `/model/${encodeURIComponent(modelId)}/${stream ? 'converse-stream' : 'converse'}`
}

/** The text of a whole answer. */
export function readConverseAnswer(body: string): string {
  const answer = JSON.parse(body) as { output: { message: { content: { text: string }[] } } }
  return answer.output.message.content[0]?.text ?? ''
}
