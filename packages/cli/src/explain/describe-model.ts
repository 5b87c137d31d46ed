import {
  type BedrockModel,
  type CatalogModel,
  catalog,
  type ModelAssertion,
  type ModelRemoval,
  type Serving,
} from '@duo-models/rules'
import { citeSources } from './describe-rule.js'
import type { Section } from './section.js'

type Row = readonly [name: string, text: string]

/** Everything the catalog knows about a model, each part with its source. */
export function describeModel(model: CatalogModel): Section[] {
  const servings = catalog.servings.filter((serving) => serving.model === model.id)
  const sections: Section[] = [
    { title: `${model.name} (${model.id})`, rows: nameRows(model) },
    ...historyOf(model),
    { title: 'Hardware', rows: hardwareRows(model) },
    { title: 'Documented response times', rows: responseTimeRows(model) },
    ...servings.map(describeServing),
    { title: 'Where the sources contradict one another', rows: conflictRows(model) },
  ]
  return sections.filter(({ rows }) => rows.length > 0)
}

function nameRows({ familyKey, huggingFaceId, vendorUrl, aliases }: CatalogModel): Row[] {
  const rows: Row[] = [['GitLab family key', familyKey]]
  if (huggingFaceId !== undefined) rows.push(['Hugging Face id', huggingFaceId])
  if (vendorUrl !== undefined) rows.push(['Vendor page', vendorUrl])
  if (aliases.length > 0) rows.push(['Other names', aliases.join(', ')])
  return rows
}

/** What each release says, the newest first. Releases that say the same stand together. */
function historyOf({ assertions, removals = [] }: CatalogModel): Section[] {
  const records = [...assertions.map(describeAssertion), ...removals.map(describeRemoval)].sort((a, b) =>
    a.since.localeCompare(b.since, 'en', { numeric: true }),
  )
  const distinct = records.filter(
    ({ rows }, index) => JSON.stringify(rows) !== JSON.stringify(records[index - 1]?.rows),
  )
  return distinct
    .map(({ since, rows, source }) => ({
      title: `From GitLab ${since} on`,
      rows: [...rows, ['Source', source] as const],
    }))
    .reverse()
}

/** What a release says, without its source, so that records can be compared. */
interface HistoryRecord {
  readonly since: string
  readonly rows: readonly Row[]
  readonly source: string
}

function describeAssertion(assertion: ModelAssertion): HistoryRecord {
  const { since, status, lifecycle, platforms, otherPlatforms = [], inferred = [], levels, family, name } = assertion
  const rows: Row[] = [['Status', status]]
  if (lifecycle !== undefined)
    rows.push(['Lifecycle', `${lifecycle.replaceAll('-', ' ')}${mark(inferred, 'lifecycle')}`])
  rows.push(...replacementRows(assertion))
  rows.push(['Platforms', `${[...platforms, ...otherPlatforms].join(', ')}${mark(inferred, 'platforms')}`])
  for (const [column, level] of Object.entries(levels)) rows.push([column, `${level}${wordingOf(since, level)}`])
  rows.push(['Documented family', family])
  if (name !== undefined) rows.push(['Documented name', name])
  return { since, rows, source: citeSources([assertion]) }
}

function describeRemoval(removal: ModelRemoval): HistoryRecord {
  const rows: Row[] = [['Status', 'no longer listed'], ...replacementRows(removal)]
  return { since: removal.since, rows, source: citeSources([removal]) }
}

function replacementRows({ replacement }: { readonly replacement?: string }): Row[] {
  return replacement === undefined ? [] : [['Recommended instead', replacement]]
}

/** Says that a page does not state what stands here. */
function mark(inferred: readonly string[], part: string): string {
  return inferred.includes(part) ? ' (inferred: the page does not say)' : ''
}

function wordingOf(release: string, level: string): string {
  const view = catalog.releases[release]?.view
  const wording: Readonly<Record<string, string>> = { ...view?.gradedWording, ...view?.configurableWording }
  return Object.hasOwn(wording, level) ? ` ("${wording[level]}")` : ''
}

function hardwareRows(model: CatalogModel): Row[] {
  return catalog.hardwareRequirements.gpuRows
    .filter(({ models }) => models.includes(model.id))
    .flatMap((row): Row[] => [
      ['Least GPUs', `${row.gpuCount} × ${catalog.gpus[row.gpu].name} (row "${row.label}")`],
      ['Least GPU memory', `${row.minimumVramGB} GB`],
      ['Source', citeSources([row])],
    ])
}

function responseTimeRows(model: CatalogModel): Row[] {
  return catalog.responseTimes
    .filter((time) => time.model === model.id)
    .map(({ machine, requests, secondsPerRequest, tokensPerSecondPerRequest, totalTokensPerSecond }) => [
      `${machine} machine, ${requests} at once`,
      `${secondsPerRequest} s per request, ${tokensPerSecondPerRequest} tokens/s each, ${totalTokensPerSecond} tokens/s in all`,
    ])
}

function describeServing({ platform, bedrockModels, recipe }: Serving): Section {
  const rows: Row[] = (bedrockModels ?? []).flatMap(bedrockRows)
  if (recipe !== undefined) {
    const options = recipe.options.map(({ name, value }) => `--${name} ${value}`)
    rows.push(...recipe.preparation.map((step): Row => ['Before', step]))
    rows.push(['Documented command', ['vllm serve', recipe.modelPath, ...options].join(' ')])
    if (recipe.requiredGpus !== undefined) rows.push(['GPUs it needs', String(recipe.requiredGpus)])
    rows.push(['Source', citeSources([recipe])])
  }
  return { title: `On ${catalog.platforms[platform].name}`, rows }
}

function bedrockRows({ modelId, profilePrefixes, onDemand, lifecycle }: BedrockModel): Row[] {
  const rows: Row[] = [['Model id', modelId]]
  if (profilePrefixes.length > 0)
    rows.push(['Inference profiles', profilePrefixes.map((prefix) => prefix + modelId).join(', ')])
  if (onDemand === 'only-with-profile') rows.push(['On demand', 'only through an inference profile'])
  const end = lifecycle.endOfLife === undefined ? '' : ` on ${lifecycle.endOfLife}`
  rows.push(['Lifecycle', `${lifecycle.state.replaceAll('-', ' ')}${end}`], ['Source', citeSources([lifecycle])])
  return rows
}

function conflictRows(model: CatalogModel): Row[] {
  const rows = catalog.hardwareRequirements.gpuRows.filter(({ models }) => models.includes(model.id))
  const labels = rows.flatMap(({ label, models }) => (models.length === 1 ? [label] : []))
  const names = [model.id, model.name, ...labels, ...(model.huggingFaceId?.split('/').slice(1) ?? [])]
  return catalog.sourceConflicts
    .filter(({ id, summary, sides, decision }) => {
      const text = [summary, decision, ...sides.map(({ says, value }) => `${says} ${value}`)].join('\n').toLowerCase()
      return rows.some(({ conflict }) => conflict === id) || names.some((name) => text.includes(name.toLowerCase()))
    })
    .map(({ id, summary, decision, sources }) => [id, `${summary} ${decision} Source: ${citeSources(sources)}`])
}
