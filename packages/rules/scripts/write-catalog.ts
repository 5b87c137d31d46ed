import type { CatalogData } from './read-data.js'

/** The text of `src/catalog/catalog.generated.ts` for checked data. */
export function writeCatalog(data: CatalogData): string {
  const models = sorted(data.models)
  return [
    header,
    idList('model', Object.keys(models), 'A model of the catalog.'),
    idList('gpu', Object.keys(data.gpus), 'A GPU of the catalog.'),
    idList('machine', Object.keys(data.machines), 'A machine type of the catalog.'),
    idList('source', Object.keys(data.sources), 'A source of the catalog.'),
    record('models', 'Record<ModelId, CatalogModel>', models),
    record('platforms', 'Record<PlatformId, CatalogPlatform>', data.platforms),
    list('servings', 'Serving', data.servings),
    record('features', 'Record<FeatureId, CatalogFeature>', data.features),
    record('families', 'Record<FamilyKey, CatalogFamily>', data.families),
    record('gpus', 'Record<GpuId, Gpu>', data.gpus),
    record('machines', 'Record<MachineId, Machine>', data.machines),
    requirements(data),
    list('responseTimeMachines', 'ResponseTimeMachine', data.responseTimes.machines),
    list('responseTimes', 'ResponseTime', responseTimeRows(data)),
    record('releases', 'Record<string, Release>', data.releases),
    record('sources', 'Record<SourceId, Source>', data.sources),
    list('sourceConflicts', 'SourceConflict', data.sourceConflicts),
  ].join('\n')
}

/** The text of `src/catalog/architectures.generated.ts` for checked data. */
export function writeArchitectures({ architectures }: CatalogData): string {
  const named = Object.entries(sorted(architectures)).map(([id, value]) => [id, { name: id, ...value }] as const)
  return [
    architecturesHeader,
    record('architectures', 'Partial<Record<ModelId, CatalogArchitecture>>', Object.fromEntries(named)),
  ].join('\n')
}

const architecturesHeader = `// Generated from packages/rules/data/architectures by \`pnpm generate\`. Change the data, never this file.
import type { ModelId } from './catalog.generated.js'
import type { CatalogArchitecture } from './catalog-architecture.js'
`

/** The text of `src/catalog/speed-profiles.generated.ts` for checked data. */
export function writeSpeedProfiles({ speedProfiles }: CatalogData): string {
  // Profiles share most constants: each is written once.
  const names = new Map<string, string>()
  const nameOf = (text: string) => {
    const name = names.get(text) ?? `constant${names.size + 1}`
    names.set(text, name)
    return name
  }
  const lines = Object.entries(speedProfiles).map(([id, { constants, ...profile }]) => {
    const shared = Object.entries(constants).map(([name, constant]) => `"${name}":${nameOf(literal(constant))}`)
    // Without a spread: bundlers leave out what is not used only where nothing is computed.
    return `  ${literal(id)}: ${literal({ id, ...profile }).slice(0, -1)},"constants":{${shared.join(',')}}},`
  })
  return [
    speedProfilesHeader,
    idList('speedProfile', Object.keys(speedProfiles), 'A speed profile of the catalog.'),
    ...[...names].map(([text, name]) => `const ${name}: SpeedConstant = ${text}`),
    '',
    'export const speedProfiles: Readonly<Record<SpeedProfileId, SpeedProfile>> = {',
    ...lines,
    '}\n',
  ].join('\n')
}

const speedProfilesHeader = `// Generated from packages/rules/data/speed-profiles.yaml by \`pnpm generate\`. Change the data, never this file.
import type { SpeedConstant, SpeedProfile } from './speed-profile.js'
`

const header = `// Generated from packages/rules/data by \`pnpm generate\`. Change the data, never this file.
import type { FamilyKey, FeatureId, PlatformId } from '../vocabulary.js'
import type { CatalogFamily } from './catalog-family.js'
import type { CatalogFeature } from './catalog-feature.js'
import type { CatalogModel } from './catalog-model.js'
import type { CatalogPlatform } from './catalog-platform.js'
import type { Gpu, HardwareRequirements, Machine, ResponseTime, ResponseTimeMachine } from './hardware.js'
import type { Release } from './release.js'
import type { Serving } from './serving.js'
import type { Source, SourceConflict } from './source.js'
`

function idList(kind: string, ids: readonly string[], meaning: string): string {
  const type = `${kind.charAt(0).toUpperCase()}${kind.slice(1)}Id`
  const lines = ids.map((id) => `  ${literal(id)},`)
  return [
    `/** Every ${type}. */`,
    `export const ${kind}Ids = [`,
    ...lines,
    '] as const\n',
    `/** ${meaning} */`,
    `export type ${type} = (typeof ${kind}Ids)[number]\n`,
  ].join('\n')
}

function record(name: string, type: string, table: Readonly<Record<string, object>>): string {
  const lines = Object.entries(table).map(([id, value]) => `  ${literal(id)}: ${literal({ id, ...value })},`)
  return [`export const ${name}: Readonly<${type}> = {`, ...lines, '}\n'].join('\n')
}

function list(name: string, type: string, rows: readonly object[]): string {
  return [`export const ${name}: readonly ${type}[] = [`, ...rows.map((row) => `  ${literal(row)},`), ']\n'].join('\n')
}

function requirements({ hardwareRequirements: { baseSystem, gpuRows } }: CatalogData): string {
  return [
    'export const hardwareRequirements: HardwareRequirements = {',
    `  baseSystem: ${literal(baseSystem)},`,
    '  gpuRows: [',
    ...gpuRows.map((row) => `    ${literal(row)},`),
    '  ],',
    '}\n',
  ].join('\n')
}

// A row stands under the heading of its machine.
function responseTimeRows({ responseTimes: { machines, rows } }: CatalogData): object[] {
  return rows.map((row) => {
    const machine = machines.find(({ size }) => size === row.machine)
    return { ...row, source: machine?.source, heading: machine?.heading }
  })
}

function sorted<Value>(table: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(table).sort(([a], [b]) => (a < b ? -1 : 1)))
}

function literal(value: unknown): string {
  return JSON.stringify(value)
}
