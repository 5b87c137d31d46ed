import { isJsonObject, type JsonObject } from '../openai-format/json.js'
import type { ContentFilterEvent } from '../stream-event.js'

const nothing: readonly ContentFilterEvent[] = []

/**
 * Finds the content filter's reports in a chunk or a whole answer. Reports on the prompt, and those that come on their own
 * (asynchronous filter), are always told. Those that come with a piece of the answer are told where they say more than that
 * all is well: otherwise there would be one for every token.
 */
export function readAzureContentFilters(answer: JsonObject): readonly ContentFilterEvent[] {
  const prompts = answer['prompt_filter_results'] ?? answer['prompt_annotations']
  const { choices } = answer
  const choice: unknown = Array.isArray(choices) ? choices.find(isFirstChoice) : undefined
  const output = isJsonObject(choice) ? readOutput(choice) : undefined
  if (!Array.isArray(prompts)) return output === undefined ? nothing : [output]
  const reports = prompts.filter(isJsonObject).map(readPrompt)
  return output === undefined ? reports : [...reports, output]
}

/** The names of the categories that withheld text, from a report or an error, in any spelling. */
export function filteredCategories(report: JsonObject): string[] {
  const results = resultsOf(report)
  if (results === undefined) return []
  return Object.keys(results).filter((name) => isFiltered(results[name]))
}

function isFirstChoice(choice: unknown): boolean {
  return isJsonObject(choice) && (choice['index'] ?? 0) === 0
}

function readPrompt(report: JsonObject): ContentFilterEvent {
  return { type: 'content-filter', target: 'prompt', filtered: filteredCategories(report).length > 0, raw: report }
}

function readOutput(choice: JsonObject): ContentFilterEvent | undefined {
  const results = resultsOf(choice)
  const isStopped = choice['finish_reason'] === 'content_filter'
  if (results === undefined && !isStopped) return undefined
  const isOnItsOwn = !('delta' in choice || 'message' in choice || 'text' in choice)
  if (!isStopped && !isOnItsOwn && !Object.values(results ?? {}).some(isNotable)) return undefined
  return {
    type: 'content-filter',
    target: 'output',
    filtered: isStopped || filteredCategories(choice).length > 0,
    raw: reportOf(choice, results),
  }
}

/** The part of a choice that is about the filter. */
function reportOf(choice: JsonObject, results: JsonObject | undefined): JsonObject {
  const offsets = choice['content_filter_offsets']
  return {
    ...(results !== undefined && { content_filter_results: results }),
    ...(offsets !== undefined && { content_filter_offsets: offsets }),
  }
}

/** Both spellings are in use; the plural is the documented one. An empty report says nothing. */
function resultsOf(report: JsonObject): JsonObject | undefined {
  const results = report['content_filter_results'] ?? report['content_filter_result']
  return isJsonObject(results) && Object.keys(results).length > 0 ? results : undefined
}

function isFiltered(result: unknown): boolean {
  return isJsonObject(result) && result['filtered'] === true
}

/** A category that found something, or the filter's own failure. */
function isNotable(result: unknown): boolean {
  if (!isJsonObject(result)) return false
  const { filtered, detected, severity } = result
  if (filtered === true || detected === true || 'message' in result) return true
  return typeof severity === 'string' && severity !== 'safe'
}
