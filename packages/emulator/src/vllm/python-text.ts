import { isJsonObject, type JsonValue } from '../json.js'

/** Values nested deeper than this are written as `...`, as Python does for a list inside itself. */
const maxDepth = 20

/** A value as Python's `repr` writes it. vLLM puts such text into its messages about invalid requests. */
export function pythonRepr(value: JsonValue | undefined, depth = 0): string {
  if (value === null || value === undefined) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string') return quote(value)
  if (depth >= maxDepth) return '...'
  if (!isJsonObject(value)) return `[${value.map((item) => pythonRepr(item, depth + 1)).join(', ')}]`
  const entries = Object.entries(value).map(([key, item]) => `${quote(key)}: ${pythonRepr(item, depth + 1)}`)
  return `{${entries.join(', ')}}`
}

function quote(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'"
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
    .replaceAll(mark, `\\${mark}`)
  return mark + escaped + mark
}

/** JSON as Python's `json.dumps` writes it: a blank after each separator, and ASCII only. */
export function pythonJson(value: JsonValue): string {
  if (typeof value === 'string') {
    return JSON.stringify(value).replace(
      /[\x7f-\uffff]/g,
      (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
    )
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (!isJsonObject(value)) return `[${value.map(pythonJson).join(', ')}]`
  const entries = Object.entries(value).filter(([, item]) => item !== undefined)
  return `{${entries.map(([key, item]) => `${pythonJson(key)}: ${pythonJson(item ?? null)}`).join(', ')}}`
}
