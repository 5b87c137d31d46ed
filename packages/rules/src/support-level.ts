import type { CatalogFeature } from './catalog/catalog-feature.js'
import type { ModelAssertion } from './catalog/catalog-model.js'
import type { SupportLevel } from './vocabulary.js'

/** The level that a release's listing of a model gives to a feature on a platform; no platform is not judged. */
export function levelOf(
  assertion: ModelAssertion | undefined,
  { id, kind, column }: CatalogFeature,
  platform: string | undefined,
): SupportLevel {
  if (assertion === undefined) return 'unlisted'
  // Where the page prints no platforms, none is refused: platform-inferred tells what was carried over.
  const printed = !assertion.inferred?.includes('platforms')
  if (platform !== undefined && printed && !assertion.platforms.some((listed) => listed === platform)) return 'unlisted'
  const key = kind === 'column' ? id : column
  const levels: Readonly<Record<string, SupportLevel>> = assertion.levels
  return (key === undefined ? undefined : levels[key]) ?? 'unlisted'
}
