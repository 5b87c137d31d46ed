import { compareGitLabVersions, parseGitLabVersion } from '../src/gitlab-version.js'
import { type CatalogData, DataError } from './read-data.js'

/**
 * Checks what joins the data files: every id that one names exists in another, every name means one model, and every
 * model's records are in order.
 * @throws DataError naming the file and the remedy
 */
export function checkData(data: CatalogData): void {
  checkSources(data)
  checkModels(data)
  checkNames(data)
  checkArchitectures(data)
  checkServings(data)
  checkHardware(data)
  checkResponseTimes(data)
  checkSpeed(data)
  checkReleases(data)
  checkFeatures(data)
  checkConflicts(data)
}

function fail(file: string, problem: string, remedy: string): never {
  throw new DataError(`${file}: ${problem}. ${remedy}.`)
}

function requireId(file: string, table: object, kind: string, id: string, home: string): void {
  if (!Object.hasOwn(table, id)) fail(file, `there is no ${kind} '${id}'`, `Add it to ${home} or correct the id`)
}

function checkSources(data: CatalogData): void {
  for (const [file, value] of Object.entries(data)) {
    if (file === 'sources') continue
    for (const source of sourcesIn(value)) requireId(file, data.sources, 'source', source, 'sources.yaml')
  }
}

function* sourcesIn(value: unknown): Generator<string> {
  if (typeof value !== 'object' || value === null) return
  for (const [key, child] of Object.entries(value)) {
    if ((key === 'source' || key === 'tokensSource') && typeof child === 'string') yield child
    else yield* sourcesIn(child)
  }
}

function checkModels(data: CatalogData): void {
  for (const [id, model] of Object.entries(data.models)) {
    const file = `models/…/${id}.yaml`
    if (model.huggingFaceId !== undefined && model.vendorUrl !== undefined)
      fail(file, 'it has two links', 'Give it a huggingFaceId or a vendorUrl')
    checkOrder(file, model.assertions)
    checkOrder(file, model.removals ?? [])
    for (const record of model.assertions) checkAssertion(file, data, record)
    for (const { replacement } of model.removals ?? []) checkReplacement(file, data, replacement)
  }
}

type Assertion = CatalogData['models'][string]['assertions'][number]

function checkAssertion(file: string, data: CatalogData, record: Assertion): void {
  const { since, levels, lifecycle, replacement, conflicts = [] } = record
  checkReplacement(file, data, replacement)
  for (const { conflict } of conflicts)
    if (!data.sourceConflicts.some(({ id }) => id === conflict))
      fail(file, `there is no conflict '${conflict}'`, 'Add it to source-conflicts.yaml')
  if (lifecycle !== 'compatible-only') checkColumns(file, data, since, Object.keys(levels))
  else if (Object.keys(levels).length > 0)
    fail(file, `the record since ${since} has levels`, 'Pages give compatible models none: remove them')
}

function checkReplacement(file: string, data: CatalogData, replacement: string | undefined): void {
  if (replacement !== undefined) requireId(file, data.models, 'model', replacement, 'models/')
}

function checkOrder(file: string, records: readonly { since: string }[]): void {
  let last: string | undefined
  for (const { since } of records) {
    if (last !== undefined && order(last, since) >= 0)
      fail(file, `the record since ${since} does not follow ${last}`, 'Add new records at the end')
    last = since
  }
}

function checkColumns(file: string, data: CatalogData, since: string, levels: readonly string[]): void {
  const view = data.releases[since]?.view
  if (view === undefined) fail(file, `releases.yaml has no view for ${since}`, 'Add one or correct since')
  for (const column of view.columns)
    if (!levels.includes(column)) fail(file, `the record since ${since} lacks '${column}'`, 'Add its level')
  for (const level of levels)
    if (!view.columns.some((column) => column === level))
      fail(file, `the page of ${since} has no column '${level}'`, 'Remove the level')
}

function checkNames(data: CatalogData): void {
  const owners = new Map<string, string>()
  for (const [id, model] of Object.entries(data.models))
    for (const name of new Set(namesOf(data, id, model).map((text) => text.toLowerCase()))) {
      const owner = owners.get(name)
      if (owner !== undefined)
        fail(`models/…/${id}.yaml`, `'${name}' already means ${owner}`, 'Drop it from one of the two')
      owners.set(name, id)
    }
}

function namesOf(data: CatalogData, id: string, model: CatalogData['models'][string]): string[] {
  const names = [id, model.name, ...model.aliases]
  for (const { name } of model.assertions) if (name !== undefined) names.push(name)
  if (model.huggingFaceId !== undefined) names.push(model.huggingFaceId, model.huggingFaceId.split('/')[1] ?? '')
  for (const serving of data.servings)
    if (serving.model === id) names.push(...(serving.bedrockModels ?? []).map((entry) => entry.modelId))
  return names
}

function checkArchitectures({ architectures, models }: CatalogData): void {
  for (const [id, architecture] of Object.entries(architectures)) {
    const file = `architectures/${id}.yaml`
    requireId(file, models, 'model', id, 'models/')
    if (models[id]?.huggingFaceId === undefined)
      fail(file, 'its model has no Hugging Face repository', 'Only self-hosted models have an architecture here')
    const { layers, attentionHeads, keyValueHeads, slidingWindow, linearAttentionLayers, experts } = architecture
    if (attentionHeads % keyValueHeads !== 0)
      fail(file, `${attentionHeads} heads cannot share ${keyValueHeads}`, 'Correct attentionHeads or keyValueHeads')
    for (const part of [slidingWindow?.layers, linearAttentionLayers, experts?.denseLayers])
      if (part !== undefined && part > layers)
        fail(file, `it speaks of ${part} of ${layers} layers`, 'Correct the number of layers')
  }
}

function checkServings(data: CatalogData): void {
  for (const { platform, model, bedrockModels, recipe } of data.servings) {
    const file = `serving/${platform}/${model}.yaml`
    requireId(file, data.platforms, 'platform', platform, 'platforms/')
    requireId(file, data.models, 'model', model, 'models/')
    if (bedrockModels !== undefined && platform !== 'bedrock')
      fail(file, 'bedrockModels belong to bedrock', 'Move them to serving/bedrock')
    if (recipe !== undefined && recipe.huggingFaceId !== data.models[model]?.huggingFaceId)
      fail(file, `the recipe serves ${recipe.huggingFaceId}`, 'Put it into the file of the model that it serves')
  }
}

function checkHardware({ gpus, machines, models, hardwareRequirements, sourceConflicts }: CatalogData): void {
  for (const [id, machine] of Object.entries(machines))
    requireId(`machines.yaml (${id})`, gpus, 'GPU', machine.gpu, 'gpus.yaml')
  for (const row of hardwareRequirements.gpuRows) {
    const file = `hardware-requirements.yaml (${row.id})`
    requireId(file, gpus, 'GPU', row.gpu, 'gpus.yaml')
    for (const model of row.models) requireId(file, models, 'model', model, 'models/')
    if (row.conflict !== undefined && !sourceConflicts.some((conflict) => conflict.id === row.conflict))
      fail(file, `there is no conflict '${row.conflict}'`, 'Add it to source-conflicts.yaml')
  }
}

function checkResponseTimes({ gpus, machines, models, responseTimes, sourceConflicts }: CatalogData): void {
  for (const entry of responseTimes.machines) {
    const file = `response-times.yaml (${entry.size})`
    requireId(file, gpus, 'GPU', entry.documentedGpu, 'gpus.yaml')
    for (const [index, id] of entry.candidates.entries()) {
      requireId(file, machines, 'machine', id, 'machines.yaml')
      const machine = machines[id]
      const memory = machine === undefined ? 0 : machine.gpuCount * (gpus[machine.gpu]?.memoryGB ?? 0)
      if (memory !== entry.gpuMemoryGB[index])
        fail(file, `${id} has ${memory} GB of GPU memory`, 'Correct gpuMemoryGB: count times card size')
    }
  }
  for (const { model, conflict } of responseTimes.rows) {
    requireId('response-times.yaml', models, 'model', model, 'models/')
    if (conflict !== undefined && !sourceConflicts.some(({ id }) => id === conflict))
      fail('response-times.yaml', `there is no conflict '${conflict}'`, 'Add it to source-conflicts.yaml')
  }
}

function checkSpeed({ gpus, models, speedProfiles, speedMeasurements }: CatalogData): void {
  const products = new Set(Object.values(gpus).map(({ product }) => product))
  for (const [id, profile] of Object.entries(speedProfiles)) {
    const file = `speed-profiles.yaml (${id})`
    for (const product of profile.products)
      if (!products.has(product)) fail(file, `no GPU is a '${product}'`, 'Use a product of gpus.yaml')
    for (const gpu of profile.calibration?.gpus ?? []) requireId(file, gpus, 'GPU', gpu, 'gpus.yaml')
  }
  for (const { profile, model, gpu } of speedMeasurements) {
    const file = 'speed-measurements.yaml'
    requireId(file, speedProfiles, 'speed profile', profile, 'speed-profiles.yaml')
    requireId(file, gpus, 'GPU', gpu, 'gpus.yaml')
    if (model !== undefined) requireId(file, models, 'model', model, 'models/')
  }
}

function checkReleases({ releases }: CatalogData): void {
  const ids = Object.keys(releases)
  for (const [index, id] of ids.entries()) {
    const previous = ids[index - 1]
    if (previous !== undefined && order(previous, id) >= 0)
      fail('releases.yaml', `${id} does not follow ${previous}`, 'Add new releases at the end')
  }
}

function checkFeatures({ features }: CatalogData): void {
  for (const [id, { kind, column, setting, states = [], families = [] }] of Object.entries(features)) {
    const file = `features.yaml (${id})`
    if ((kind === 'column') !== (setting !== undefined))
      fail(file, 'setting belongs to columns', 'Name the setting key of a column, and of nothing else')
    for (const other of [column, setting])
      if (other !== undefined) requireId(file, features, 'feature', other, 'features.yaml')
    checkOrder(file, states)
    checkOrder(file, families)
  }
}

function checkConflicts({ sourceConflicts }: CatalogData): void {
  const ids = new Set<string>()
  for (const [index, { id, number }] of sourceConflicts.entries()) {
    if (ids.has(id)) fail('source-conflicts.yaml', `'${id}' is there twice`, 'Rename one')
    ids.add(id)
    if (number !== index + 1) fail('source-conflicts.yaml', `'${id}' has number ${number}`, `Use ${index + 1}`)
  }
}

function order(a: string, b: string): number {
  return compareGitLabVersions(parseGitLabVersion(a) ?? [0, 0, 0], parseGitLabVersion(b) ?? [0, 0, 0])
}
