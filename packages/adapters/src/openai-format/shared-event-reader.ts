import type { ChoiceStream } from './choice-stream.js'
import type { EventReader } from './event-stream-body.js'
import { isJsonObject, type JsonObject, parseJson } from './json.js'

const indexMember = '"index":'
const zero = 48
const nine = 57

/** Hands the events of a body to the choices they are about. */
export class SharedEventReader implements EventReader {
  // Each choice knows what has come of it.
  readonly partial = undefined
  readonly hasContent = false
  readonly #choices: readonly ChoiceStream[]
  #touched = new Set<ChoiceStream>()

  constructor(choices: readonly ChoiceStream[]) {
    this.#choices = choices
  }

  /** The choices the last events were about. */
  takeTouched(): readonly ChoiceStream[] {
    const touched = [...this.#touched]
    this.#touched.clear()
    return touched
  }

  read(data: string, type: string | undefined): void {
    const chunk = parseJson(data)
    const choices =
      isJsonObject(chunk) && type === undefined && chunk['error'] === undefined ? chunk['choices'] : undefined
    if (!isJsonObject(chunk) || !Array.isArray(choices)) this.#readCommon(data, type)
    else if (choices.length === 1) this.#readChoice(chunk, choices[0], data)
    // The usage of a chunk with several choices, or none, is that of all together.
    else
      for (const choice of choices)
        this.#readChoice({ ...chunk, usage: undefined, choices: [choice] }, choice, undefined)
  }

  readWholeEvent(events: string, start: number): number {
    const choice = this.#choices[indexAt(events, start)]
    const end = choice?.readWholeEvent(events, start) ?? -1
    if (end !== -1) this.#touched.add(choice as ChoiceStream)
    return end
  }

  end(rest: string | undefined): void {
    for (const choice of this.#choices) choice.end(rest)
    this.#touchAll()
  }

  // A choice is complete with its own last chunk. Those that are not have lost something.
  tryToComplete(): boolean {
    return false
  }

  #readCommon(data: string, type: string | undefined): void {
    for (const choice of this.#choices) choice.readCommon(data, type)
    this.#touchAll()
  }

  #readChoice(chunk: JsonObject, choice: unknown, data: string | undefined): void {
    if (!isJsonObject(choice)) return
    const index = choice['index'] ?? 0
    const stream = typeof index === 'number' ? this.#choices[index] : undefined
    if (stream === undefined) return
    if (stream.isOpen) {
      stream.read(chunk, data)
      this.#touched.add(stream)
    } else if ((choice['finish_reason'] ?? '') !== '') stream.markComplete()
  }

  #touchAll(): void {
    for (const choice of this.#choices) this.#touched.add(choice)
  }
}

/** Which choice the event at `start` is about, as far as can be seen: whoever reads it checks that. -1 for none. */
function indexAt(events: string, start: number): number {
  // A quote within a string is escaped, so this is a member and no text.
  let at = events.indexOf(indexMember, start) + indexMember.length
  if (at < indexMember.length) return -1
  let index = 0
  const first = at
  for (let code = events.charCodeAt(at); code >= zero && code <= nine; code = events.charCodeAt(++at))
    index = index * 10 + code - zero
  return at === first ? -1 : index
}
