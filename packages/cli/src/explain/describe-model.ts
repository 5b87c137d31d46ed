import { type BedrockModel, type CatalogModel, catalog, type ModelAssertion, type Serving } from '@duo-models/rules'
import { citeSources } from './describe-rule.js'
import type { Section } from './section.js'

type Row = readonly [name: string, text: string]

/** Everything the catalog knows about a model, each part with its source. */
export function describeModel(model: CatalogModel): Section[] {
  const servings = catalog.servings.filter((serving) => serving.model === model.id)
  const sections: Section[] = [
    { title: `${model.name} (${model.id})`, rows: nameRows(model) },
    ...model.assertions.map(describeAssertion),
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

function describeAssertion(assertion: ModelAssertion): Section {
  const { since, status, platforms, levels, family, name } = assertion
  const rows: Row[] = [
    ['Status', status],
    ['Platforms', platforms.join(', ')],
    ...Object.entries(levels).map(([column, level]): Row => [column, `${level}${wordingOf(since, level)}`]),
    ['Documented family', family],
  ]
  if (name !== undefined) rows.push(['Documented name', name])
  return { title: `From GitLab ${since} on`, rows: [...rows, ['Source', citeSources([assertion])]] }
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
