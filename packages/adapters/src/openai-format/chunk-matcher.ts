import { ChunkForms } from './chunk-forms.js'
import { ChunkTemplate } from './chunk-template.js'
import type { JsonObject } from './json.js'

/** After so many chunks at most, another try is made to find a form that lasts. */
const maxPause = 4096

/**
 * Keeps the form of the chunks that come. A form that no later chunk has was not worth finding: the next one is looked
 * for after twice as many chunks, so that a server whose chunks all differ costs next to nothing.
 */
export class ChunkMatcher {
  readonly #forms: ChunkForms
  #template: ChunkTemplate | undefined
  #wasUseful = true
  #pause = 1
  #chunksToWait = 0

  /** @param forms what other streams of the server have learned */
  constructor(forms: ChunkForms = new ChunkForms()) {
    this.#forms = forms
  }

  /** The form of the event at `start`, with what it says; `undefined` where it must be parsed. `end` tells where it ends. */
  match(events: string, start: number): ChunkTemplate | undefined {
    const template = this.#template
    if (template === undefined) return undefined
    this.end = template.match(events, start)
    if (this.end === -1) return undefined
    this.#wasUseful = true
    return template
  }

  /** Where the event that was matched last ends. */
  end = -1

  /** Learns from a chunk that had to be parsed. */
  learn(data: string, json: JsonObject): void {
    if (this.#chunksToWait > 0) {
      this.#chunksToWait--
      return
    }
    const form = this.#forms.find(data, json)
    this.#pause = this.#wasUseful ? 1 : Math.min(this.#pause * 2, maxPause)
    this.#wasUseful = false
    this.#chunksToWait = this.#pause - 1
    if (form !== undefined) this.#template = new ChunkTemplate(form)
  }
}
