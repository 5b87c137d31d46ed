/** The part of the peers' packages that is used: they are not installed where types are checked. */

declare module 'ai' {
  interface TextSettings {
    readonly model: unknown
    readonly system?: string
    readonly prompt?: string
    readonly messages?: readonly { readonly role: 'system' | 'user'; readonly content: string }[]
    readonly maxOutputTokens: number
    readonly temperature?: number
    readonly maxRetries: number
    readonly abortSignal?: AbortSignal
    readonly onError?: () => void
  }
  type TextPart =
    | { readonly type: 'text-delta'; readonly text: string }
    | { readonly type: 'error'; readonly error: unknown }
    | { readonly type: 'finish' | 'abort' }
  export function streamText(settings: TextSettings): { readonly fullStream: AsyncIterable<TextPart> }
  export function generateText(settings: TextSettings): Promise<{ readonly text: string }>
}

declare module '@ai-sdk/openai-compatible' {
  export function createOpenAICompatible(settings: {
    readonly name: string
    readonly baseURL: string
    readonly apiKey: string
    readonly includeUsage?: boolean
  }): (model: string) => unknown
}

declare module '@langchain/openai' {
  interface Message {
    readonly content: string
  }
  type Input = string | readonly { readonly role: string; readonly content: string }[]
  export class ChatOpenAI {
    constructor(settings: {
      readonly model: string
      readonly apiKey: string
      readonly configuration: { readonly baseURL: string }
      readonly maxTokens: number
      readonly temperature?: number
      readonly maxRetries: number
      readonly streamUsage?: boolean
      readonly timeout?: number
    })
    stream(messages: Input, options?: { readonly signal: AbortSignal }): Promise<AsyncIterable<Message>>
    invoke(messages: Input): Promise<Message>
  }
}

declare module '@langchain/core/runnables' {
  export class RunnableLambda<Input, Output> {
    constructor(fields: { readonly func: (input: Input) => Promise<Output> })
    batch(inputs: Input[], config?: { readonly maxConcurrency?: number }): Promise<Output[]>
  }
}

declare module 'p-queue' {
  export default class PQueue {
    constructor(options: { readonly concurrency: number })
    add<Result>(task: () => Promise<Result>): Promise<Result>
  }
}

declare module 'vega' {
  export class View {
    constructor(runtime: unknown, options: { readonly renderer: 'none' })
    toSVG(): Promise<string>
  }
  export function parse(spec: unknown): unknown
}

declare module 'vega-lite' {
  export function compile(spec: unknown): { readonly spec: unknown }
}
