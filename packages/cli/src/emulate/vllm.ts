import { findModel } from '@duo-models/rules'
import { curl } from './curl.js'
import type { EmulatedPlatform } from './emulated-platform.js'

const defaultModel = 'mistral-7b-it-v0.3'

/** vLLM: one model, under its Hugging Face id. */
export const vllm: EmulatedPlatform = {
  platform: 'vllm',
  plan({ model: name = defaultModel }) {
    const model = findModel(name).model?.huggingFaceId ?? name
    return {
      options: { platform: 'vllm', model },
      what: `model ${model}`,
      instructions: (baseUrl, key) => {
        const headers = key === undefined ? [] : [`Authorization: Bearer $${key}`]
        const body = { model, stream: true, messages: [{ role: 'user', content: 'Hello' }] }
        return ['Try it:', `  ${curl(`${baseUrl}/chat/completions`, headers, body)}`]
      },
    }
  },
}
