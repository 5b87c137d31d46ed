import { parseJson } from '../openai-format/json.js'
import type { EventStreamMessage } from '../wire/event-stream.js'

const quote = 34
const backslash = 92
const closingBrace = 125
/** From this length on, a part of a string keeps the whole string alive in V8; a copy does not. */
const minSlicedLength = 13

/** The headers of a `contentBlockDelta`, byte by byte as Bedrock sends them. */
const deltaHeaders = [
  [':event-type', 'contentBlockDelta'],
  [':content-type', 'application/json'],
  [':message-type', 'event'],
]
  .map(([name = '', value = '']) => {
    const length = String.fromCharCode(value.length >> 8, value.length & 255)
    return `${String.fromCharCode(name.length)}${name}\u0007${length}${value}`
  })
  .join('')
const payloadStart = /^\{"contentBlockIndex":(?:0|[1-9]\d{0,8}),"delta":\{"text":"/
const paddingStart = '},"p":"'

/**
 * Reads the most frequent event of a ConverseStream, a piece of text, without looking at its headers one by one and
 * without `JSON.parse`.
 *
 * Nothing can be misread: the message is taken only where it is, letter by letter,
 * `{"contentBlockIndex":0,"delta":{"text":"…"},"p":"…"}` with one string literal for the text, and nothing or one word of
 * letters and digits for the padding. Whatever else it may be is left to the parser.
 */
export class TextDeltaFrame {
  /** The text of the message that was matched last. */
  text = ''
  /** Headers and payload of the last one up to its text: those of the next one are the same, most of the time. */
  #head = '\u0000'

  /** Whether the message is a piece of text, and is read into {@link text}. */
  match(message: EventStreamMessage): boolean {
    const { byteText, headersStart, payloadEnd } = message
    const start = headersStart + this.#head.length
    if (byteText.slice(headersStart, start) !== this.#head) return this.#learn(message) && this.match(message)
    let end = start
    let hasEscapes = false
    let isAscii = true
    for (;;) {
      const code = byteText.charCodeAt(end)
      if (code === quote) break
      if (code === backslash) {
        hasEscapes = true
        end++
      } else if (!(code >= 32)) return false
      else if (code > 126) isAscii = false
      end++
    }
    return isTail(byteText, end + 1, payloadEnd) && this.#takeText(message, start, end, hasEscapes, isAscii)
  }

  /** Takes the beginning of a message over as the one to look for, if it is that of a piece of text. */
  #learn({ byteText, headersStart, payloadStart: start, payloadEnd }: EventStreamMessage): boolean {
    if (start - headersStart !== deltaHeaders.length || byteText.slice(headersStart, start) !== deltaHeaders)
      return false
    const payload = payloadStart.exec(byteText.slice(start, Math.min(payloadEnd, start + 64)))
    if (payload === null) return false
    this.#head = deltaHeaders + payload[0]
    return true
  }

  #takeText(
    { bytes, byteText }: EventStreamMessage,
    start: number,
    end: number,
    hasEscapes: boolean,
    isAscii: boolean,
  ): boolean {
    if (!hasEscapes && isAscii && end - start < minSlicedLength) {
      this.text = byteText.slice(start, end)
      return true
    }
    const raw = bytes.toString(isAscii ? 'latin1' : 'utf8', start, end)
    const text = hasEscapes ? parseJson(`"${raw}"`) : raw
    if (typeof text !== 'string') return false
    this.text = text
    return true
  }
}

/** Whether the payload ends after the text's quote, with or without padding. */
function isTail(text: string, start: number, end: number): boolean {
  if (text.charCodeAt(end - 1) !== closingBrace) return false
  if (end - start === 2) return text.charCodeAt(start) === closingBrace
  const wordStart = start + paddingStart.length
  const wordEnd = end - 2
  if (wordEnd < wordStart || text.charCodeAt(wordEnd) !== quote || text.slice(start, wordStart) !== paddingStart)
    return false
  for (let at = wordStart; at < wordEnd; at++) if (!isLetterOrDigit(text.charCodeAt(at))) return false
  return true
}

function isLetterOrDigit(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57)
}
