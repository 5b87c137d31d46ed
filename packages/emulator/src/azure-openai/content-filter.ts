import type { JsonObject } from '../json.js'
import type { ContentFilterCategory } from './azure-openai-emulator-options.js'
import type { AzureOpenAIServerState } from './azure-openai-server-state.js'
import { AzureRequestError } from './azure-request-error.js'

/** Categories with a severity, which every annotation holds. */
const gradedCategories = ['hate', 'self_harm', 'sexual', 'violence'] as const
/** Categories that are found or not; annotations hold those that are looked for. */
const detectedCategories = ['jailbreak', 'profanity', 'protected_material_text'] as const

/** Whose text is looked at. */
export type FilterSide = 'prompt' | 'answer'

/** What is looked for on one side only. */
const sideOf: Partial<Record<ContentFilterCategory, FilterSide>> = {
  jailbreak: 'prompt',
  protected_material_text: 'answer',
}

function isOnSide(category: ContentFilterCategory, side: FilterSide): boolean {
  return (sideOf[category] ?? side) === side
}

/** Everything the filter can look for. */
export const contentFilterCategories: readonly ContentFilterCategory[] = [...gradedCategories, ...detectedCategories]

/** A word that the filter does not let through. */
export interface FilterMatch {
  readonly category: ContentFilterCategory
  /** Where it begins in the text. */
  readonly start: number
}

type FilterState = Pick<AzureOpenAIServerState, 'filteredWords'>

/** The first filtered word of a text. */
export function findFiltered(text: string, side: FilterSide, { filteredWords }: FilterState): FilterMatch | undefined {
  const lower = text.toLowerCase()
  const matches = [...filteredWords]
    .filter(([category]) => isOnSide(category, side))
    .flatMap(([category, words]) => words.map((word) => ({ category, start: lower.indexOf(word) })))
    .filter(({ start }) => start >= 0)
  return matches.sort((left, right) => left.start - right.start)[0]
}

/** The annotation of a text: every category safe but the one that was found. */
export function filterResults(
  side: FilterSide,
  { filteredWords }: FilterState,
  found?: ContentFilterCategory,
): JsonObject {
  const graded = gradedCategories.map((category) => [
    category,
    category === found ? { filtered: true, severity: 'medium' } : { filtered: false, severity: 'safe' },
  ])
  const detected = detectedCategories
    .filter((category) => filteredWords.has(category) && isOnSide(category, side))
    .map((category) => [category, { filtered: category === found, detected: category === found }])
  return Object.fromEntries([...graded, ...detected])
}

/** What stands in place of results while the filter is down. The text is delivered all the same. */
export const filterUnavailable: JsonObject = {
  error: { code: 'content_filter_error', message: 'The contents are not filtered' },
}

/** The annotation of prompts, or nothing while the filter is off. While it is down the member's name is in the singular. */
export function promptFilterResults(prompts: number, state: AzureOpenAIServerState): JsonObject {
  if (state.contentFilter === 'off') return {}
  const member =
    state.contentFilter === 'unavailable'
      ? { content_filter_result: filterUnavailable }
      : { content_filter_results: filterResults('prompt', state) }
  const results = Array.from({ length: prompts }, (_, prompt_index) => ({ ...member, prompt_index }))
  return { prompt_filter_results: results }
}

/** Throws the 400 for a prompt with a filtered word, unless the filter does not work. */
export function requirePassingPrompt(prompts: readonly string[], state: AzureOpenAIServerState): void {
  if (state.contentFilter === 'off' || state.contentFilter === 'unavailable') return
  for (const prompt of prompts) {
    const match = findFiltered(prompt, 'prompt', state)
    if (match !== undefined) throw filteredPrompt(match.category, state)
  }
}

function filteredPrompt(category: ContentFilterCategory, state: AzureOpenAIServerState): AzureRequestError {
  return new AzureRequestError(400, {
    message:
      "The response was filtered due to the prompt triggering Azure OpenAI's content management policy. Please modify your prompt and retry. To learn more about our content filtering policies please read our documentation: https://go.microsoft.com/fwlink/?linkid=2198766",
    type: null,
    param: 'prompt',
    code: 'content_filter',
    status: 400,
    ...innerError(filterResults('prompt', state, category), state),
  })
}

/** Servers and specification spell the details differently. */
function innerError(results: JsonObject, { innerErrorSpelling }: AzureOpenAIServerState): JsonObject {
  const code = 'ResponsibleAIPolicyViolation'
  if (innerErrorSpelling === 'none') return {}
  if (innerErrorSpelling === 'wire') return { innererror: { code, content_filter_result: results } }
  return { inner_error: { code, content_filter_results: results } }
}
