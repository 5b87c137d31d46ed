import '@azure/openai/types'
import type { AccessToken, TokenCredential } from '@duo-models/adapters/azure-openai'
import type {
  ChatCompletion,
  ChatCompletionChunk,
  ChatCompletionCreateParamsNonStreaming,
  ChatCompletionCreateParamsStreaming,
} from 'openai/resources/index'
import { describe, expectTypeOf, test } from 'vitest'
import type { OpenAIChatBody } from '../../src/openai-format/wire-body.js'

// The vendor's types are compared with what is written and read here, so that a member that is renamed, or whose type
// changes, is found when it is compiled. Nothing of them is published.
describe('what is sent', () => {
  test('is a request of the vendor', () => {
    type Whole = Omit<OpenAIChatBody, 'stream' | 'stream_options'>
    expectTypeOf<Whole>().toExtend<ChatCompletionCreateParamsNonStreaming>()
    expectTypeOf<Whole & { stream: true }>().toExtend<ChatCompletionCreateParamsStreaming>()
  })

  test('asks for usage, and names data sources, by the members the vendor knows', () => {
    expectTypeOf<{ include_usage: true }>().toExtend<
      NonNullable<ChatCompletionCreateParamsStreaming['stream_options']>
    >()
    expectTypeOf<ChatCompletionCreateParamsStreaming>().toHaveProperty('data_sources')
  })
})

describe('what is read', () => {
  type Choice = ChatCompletionChunk['choices'][number]
  type Delta = Choice['delta']

  test('is in the chunks of the vendor', () => {
    expectTypeOf<Delta['content']>().toEqualTypeOf<string | null | undefined>()
    expectTypeOf<Delta['refusal']>().toEqualTypeOf<string | null | undefined>()
    expectTypeOf<NonNullable<Delta['tool_calls']>[number]['index']>().toEqualTypeOf<number>()
    expectTypeOf<'stop' | 'length' | 'tool_calls' | 'content_filter'>().toExtend<NonNullable<Choice['finish_reason']>>()
    expectTypeOf<NonNullable<ChatCompletionChunk['usage']>>().toHaveProperty('completion_tokens_details')
    expectTypeOf<ChatCompletionChunk>().toHaveProperty('prompt_filter_results')
    expectTypeOf<Choice>().toHaveProperty('content_filter_results')
  })

  test('is in the whole answers of the vendor', () => {
    expectTypeOf<ChatCompletion['choices'][number]['message']['content']>().toEqualTypeOf<string | null>()
    expectTypeOf<ChatCompletion['choices'][number]>().toHaveProperty('content_filter_results')
    type Report = NonNullable<ChatCompletion['prompt_filter_results']>[number]
    expectTypeOf<Report>().toHaveProperty('content_filter_results')
  })
})

describe('credentials', () => {
  /** The interface of `@azure/core-auth`, which every credential of `@azure/identity` has. */
  interface VendorCredential {
    getToken(
      scopes: string | string[],
      options?: {
        abortSignal?: { readonly aborted: boolean }
        requestOptions?: { timeout?: number }
        tenantId?: string
      },
    ): Promise<{ token: string; expiresOnTimestamp: number; refreshAfterTimestamp?: number } | null>
  }

  test('of the vendor fit', () => {
    expectTypeOf<VendorCredential>().toExtend<TokenCredential>()
    expectTypeOf<{ token: string; expiresOnTimestamp: number }>().toExtend<AccessToken>()
  })
})
