import { ChatOpenAI } from '@langchain/openai'
import { type FaultLimits, secretKey } from '../fault-case.js'
import { type FaultClient, maxAttempts, modelName } from '../fault-client.js'

/** LangChain's client for OpenAI-style servers, with the limit of time that its openai has. */
export async function openLangChain(origin: string, { totalMs }: FaultLimits): Promise<FaultClient> {
  const model = new ChatOpenAI({
    model: modelName,
    apiKey: secretKey,
    configuration: { baseURL: `${origin}/v1` },
    maxTokens: 64,
    maxRetries: maxAttempts - 1,
    timeout: Math.floor(totalMs / maxAttempts),
  })
  return {
    stream: async (prompt) => {
      let text = ''
      for await (const { content } of await model.stream(prompt)) text += content
      return text
    },
    generate: async (prompt) => String((await model.invoke(prompt)).content),
    close: async () => undefined,
  }
}
