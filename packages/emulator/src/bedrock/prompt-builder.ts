import { encode } from '../text/tokenizer.js'
import type { BedrockModel } from './bedrock-model.js'
import type { CachePoint } from './prompt-cache.js'

/** The two sides of a conversation. */
export type Role = 'user' | 'assistant'

/** Writes a conversation as the model would see it, and remembers where its cache points are. */
export class PromptBuilder {
  readonly #template: Template
  readonly #points: CachePoint[] = []
  #text = ''
  /** Tokens of images and documents, which have no text. */
  #mediaTokens = 0

  constructor({ provider }: Pick<BedrockModel, 'provider'>) {
    this.#template = provider === 'mistral' ? mistralTemplate : claudeTemplate
  }

  add(text: string): void {
    this.#text += text
  }

  addMedia(tokens: number): void {
    this.#mediaTokens += tokens
  }

  /** Everything so far is the beginning that a cache may keep. */
  addCachePoint(): void {
    this.#points.push({ text: this.#text, tokens: this.#tokens(this.#text) })
  }

  /** Writes one turn around its content. */
  addTurn(role: Role, writeContent: () => void): void {
    const [before, after] = this.#template[role]
    this.#text += before
    writeContent()
    this.#text += after
  }

  finish(): { readonly text: string; readonly tokens: number; readonly cachePoints: readonly CachePoint[] } {
    this.#text += this.#template.end
    return { text: this.#text, tokens: this.#tokens(this.#text), cachePoints: this.#points }
  }

  #tokens(text: string): number {
    return encode(text, true).length + this.#mediaTokens
  }
}

interface Template extends Readonly<Record<Role, readonly [before: string, after: string]>> {
  readonly end: string
}

const claudeTemplate: Template = {
  user: ['\n\nHuman: ', ''],
  assistant: ['\n\nAssistant: ', ''],
  end: '\n\nAssistant:',
}

const mistralTemplate: Template = {
  user: ['[INST] ', ' [/INST]'],
  assistant: [' ', '</s>'],
  end: '',
}
