import { ChatOpenAI } from '@langchain/openai'
import { secretKey, totalLimitMs } from '../fault-case.js'
import { type FaultClient, maxAttempts, modelName } from '../fault-client.js'

/** LangChain's client for OpenAI-style servers. */
export async function openLangChain(endpoint: string): Promise<FaultClient> {
  const model = new ChatOpenAI({
    model: modelName,
    apiKey: secretKey,
    configuration: { baseURL: endpoint },
    maxTokens: 64,
    maxRetries: maxAttempts - 1,
    timeout: totalLimitMs,
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
