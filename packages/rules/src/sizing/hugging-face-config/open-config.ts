import { copyPlainData } from '../../copy-plain-data.js'
import { type ConfigObject, isRecord } from './config-object.js'
import { HuggingFaceConfigError } from './hugging-face-config-error.js'
import { refuseOtherFile } from './recognise-file.js'
import { notJson, refuseOtherText } from './recognise-text.js'

const longestText = 8 * 1024 * 1024
const shownOfLongText = 64 * 1024

/** Reads what a caller passed as plain fields. Throws a `HuggingFaceConfigError` that says what it is instead. */
export function openConfig(json: unknown): ConfigObject {
  const { value, problems } = copyPlainData(typeof json === 'string' || ArrayBuffer.isView(json) ? parse(json) : json)
  if (!isRecord(value)) throw notAnObject(json, value)
  refuseOtherFile(value)
  if (problems.some(({ rule }) => rule === 'config-too-large')) throw tooLarge()
  const unreadable = new Map(problems.map(({ path, message }) => [path.join('.'), message]))
  return { values: value, path: '', unreadable }
}

function parse(json: string | ArrayBufferView): unknown {
  const size = typeof json === 'string' ? json.length : json.byteLength
  const text = decode(json, size > longestText ? shownOfLongText : size)
  refuseOtherText(text)
  if (size > longestText) throw tooLarge(text)
  try {
    return JSON.parse(text)
  } catch {
    throw notJson(text)
  }
}

function decode(json: string | ArrayBufferView, size: number): string {
  if (typeof json === 'string') return json.slice(0, size).replace(/^\uFEFF/, '')
  if (size === 0) return ''
  const bytes = new Uint8Array(json.buffer, json.byteOffset, size)
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe
  return new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8').decode(bytes)
}

function tooLarge(text = ''): HuggingFaceConfigError {
  const isTokenizer = /"added_tokens"|"pre_tokenizer"/.test(text)
  const message = isTokenizer
    ? 'This is a tokenizer.json, not the config.json of a model. Take the config.json that stands beside it.'
    : 'This is far larger than the config.json of any model.'
  return new HuggingFaceConfigError({ code: isTokenizer ? 'other-file' : 'too-large', message })
}

function notAnObject(json: unknown, value: unknown): HuggingFaceConfigError {
  if (json === undefined || json === null)
    return new HuggingFaceConfigError({
      code: 'empty',
      message: 'There is nothing here. Pass the text of config.json.',
    })
  // What is no data at all has no plain copy.
  if (value === undefined)
    return new HuggingFaceConfigError({
      code: 'not-json',
      message:
        'This is no data, but something like a promise, a response or a function. Pass the text of config.json, its bytes in a Uint8Array, or the parsed object.',
    })
  const found = Array.isArray(value) ? `a list of ${value.length}` : value === null ? 'null' : `a ${typeof value}`
  return new HuggingFaceConfigError({
    code: 'other-file',
    message: `This is ${found}, but a config.json holds an object.`,
  })
}
