import { isDeepStrictEqual } from 'node:util'
import type { JsonPatchOperation } from '@duo-models/rules'
import { parseDocument } from 'yaml'
import { applyJsonPatchOperation, PatchMismatch } from './apply-json-patch.js'
import { candidateTexts } from './candidate-texts.js'
import { isJson } from './is-json.js'
import { unshare } from './unshare.js'

/**
 * Applies a JSON Patch (RFC 6902) to YAML or JSON text and leaves every other character as it is: comments, quotes,
 * indentation, line ends. Every edit is read back; only one that means exactly what the patch says is taken.
 *
 * @returns `undefined` when the patch does not fit the text, or cannot be written into it
 */
export function patchText(text: string, patch: readonly JsonPatchOperation[]): string | undefined {
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : ''
  let patched: string | undefined = text.slice(mark.length)
  for (const operation of patch) {
    patched = applyToText(patched, operation)
    if (patched === undefined) return undefined
  }
  return mark + patched
}

function applyToText(text: string, operation: JsonPatchOperation): string | undefined {
  const current = readValue(text)
  if (current === undefined) return undefined
  const expected = applied(current.value, operation)
  if (expected === undefined) return undefined
  if (isDeepStrictEqual(expected.value, current.value)) return text
  const mustBeJson = isJson(text)
  for (const candidate of candidateTexts(text, operation, expected.value)) {
    const result = readValue(candidate)
    if (result === undefined || (mustBeJson && !isJson(candidate))) continue
    if (isDeepStrictEqual(result.value, expected.value)) return candidate
  }
  return undefined
}

function applied(value: unknown, operation: JsonPatchOperation): { value: unknown } | undefined {
  try {
    return { value: applyJsonPatchOperation(value, operation) }
  } catch (error) {
    if (error instanceof PatchMismatch) return undefined
    throw error
  }
}

function readValue(text: string): { value: unknown } | undefined {
  const document = parseDocument(text)
  if (document.errors.length > 0) return undefined
  try {
    return { value: unshare(document.toJS({ maxAliasCount: 100 })) }
  } catch {
    return undefined
  }
}
