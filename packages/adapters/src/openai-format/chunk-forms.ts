import { type ChunkForm, findChunkForm, formOfStream, type SharedChunkForm } from './chunk-form.js'
import type { JsonObject } from './json.js'

/** A server has one form for its answers, one for its reasoning, and a few more where it reports on filters. */
const maxForms = 8

/**
 * The forms that the chunks of one server had lately. Its streams share them, because to find a form, and to prove it,
 * costs as much as parsing a dozen chunks.
 */
export class ChunkForms {
  #forms: readonly SharedChunkForm[] = []

  /** The form of a chunk for the stream it belongs to; `undefined` where it has none that is sure to be read well. */
  find(data: string, json: JsonObject): ChunkForm | undefined {
    for (const form of this.#forms) {
      const own = formOfStream(form, data, json)
      if (own !== undefined) return own
    }
    const form = findChunkForm(data, json)
    if (form === undefined) return undefined
    this.#forms = [form, ...this.#forms.slice(0, maxForms - 1)]
    return formOfStream(form, data, json)
  }
}
