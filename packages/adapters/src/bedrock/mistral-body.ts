import type { AdapterRequest, ChatRequest } from '../adapter-request.js'
import { breakSentinels } from '../fill-in-the-middle/break-sentinels.js'
import { addPlatformOptions } from './platform-options.js'

const beginOfText = '<s>'
const endOfText = '</s>'
const beginOfInstruction = '[INST]'
const endOfInstruction = '[/INST]'
const marks = [beginOfText, endOfText, beginOfInstruction, endOfInstruction]

/** Makes the body with which Mistral's instruct models are asked through InvokeModel: a prompt with their marks. */
export function createMistralBody(request: AdapterRequest): string {
  const { maxOutputTokens, temperature, topP, stopSequences = [] } = request
  const prompt = request.kind === 'chat' ? chatPrompt(request) : request.prompt
  const body = {
    // Nothing is put in front of the prompt on the other side.
    prompt: prompt.startsWith(beginOfText) ? prompt : beginOfText + prompt,
    max_tokens: maxOutputTokens,
    temperature,
    top_p: topP,
    stop: stopSequences.length > 0 ? stopSequences : undefined,
  }
  return JSON.stringify(addPlatformOptions(body, request.platformOptions))
}

/** `<s>[INST] u [/INST] a</s> [INST] u [/INST]`; marks inside a text are broken, so that it cannot leave its place. */
function chatPrompt({ messages: turns }: ChatRequest): string {
  let prompt = beginOfText
  let isInstruction = false
  turns.forEach(({ role, content = '' }, index) => {
    const text = breakSentinels(content.trim(), marks)
    if (role === 'assistant') {
      // An answer at the very end is one that the model goes on with.
      const end = index === turns.length - 1 ? '' : `${endOfText} `
      prompt += `${isInstruction ? ` ${endOfInstruction} ` : ''}${text}${end}`
    } else prompt += isInstruction ? `\n\n${text}` : `${beginOfInstruction} ${text}`
    isInstruction = role !== 'assistant'
  })
  return isInstruction ? `${prompt} ${endOfInstruction}` : prompt
}
