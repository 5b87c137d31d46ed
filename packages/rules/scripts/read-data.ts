import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { parseDocument } from 'yaml'
import * as z from 'zod'
import * as schemas from './data-schemas.js'

/** A data file that is not as it has to be; the message names the file and the remedy. */
export class DataError extends Error {
  override name = 'DataError'
}

/** All data files, read and checked one by one. Ids are keys, taken from file names where a file holds one thing. */
export interface CatalogData {
  readonly sources: z.infer<typeof schemas.sourcesSchema>
  readonly models: Readonly<Record<string, z.infer<typeof schemas.modelSchema>>>
  readonly architectures: Readonly<Record<string, z.infer<typeof schemas.architectureSchema>>>
  readonly platforms: Readonly<Record<string, z.infer<typeof schemas.platformSchema>>>
  readonly servings: readonly (z.infer<typeof schemas.servingSchema> & { platform: string; model: string })[]
  readonly features: z.infer<typeof schemas.featuresSchema>
  readonly families: z.infer<typeof schemas.familiesSchema>
  readonly gpus: z.infer<typeof schemas.gpusSchema>
  readonly machines: z.infer<typeof schemas.machinesSchema>
  readonly hardwareRequirements: z.infer<typeof schemas.hardwareRequirementsSchema>
  readonly responseTimes: z.infer<typeof schemas.responseTimesSchema>
  readonly speedProfiles: z.infer<typeof schemas.speedProfilesSchema>
  readonly speedMeasurements: z.infer<typeof schemas.speedMeasurementsSchema>
  readonly releases: z.infer<typeof schemas.releasesSchema>
  readonly sourceConflicts: z.infer<typeof schemas.sourceConflictsSchema>
}

/**
 * Reads every data file under `folder`.
 * @throws DataError for a file that cannot be parsed, breaks its schema or has a name that is no id
 */
export function readData(folder: string): CatalogData {
  const one = <Schema extends z.ZodType>(name: string, schema: Schema) => readFile(join(folder, name), schema, folder)
  return {
    sources: one('sources.yaml', schemas.sourcesSchema),
    models: readModels(folder),
    architectures: readFolder(folder, 'architectures', schemas.architectureSchema),
    platforms: readFolder(folder, 'platforms', schemas.platformSchema),
    servings: readServings(folder),
    features: one('features.yaml', schemas.featuresSchema),
    families: one('families.yaml', schemas.familiesSchema),
    gpus: one('gpus.yaml', schemas.gpusSchema),
    machines: one('machines.yaml', schemas.machinesSchema),
    hardwareRequirements: one('hardware-requirements.yaml', schemas.hardwareRequirementsSchema),
    responseTimes: one('response-times.yaml', schemas.responseTimesSchema),
    speedProfiles: one('speed-profiles.yaml', schemas.speedProfilesSchema),
    speedMeasurements: one('speed-measurements.yaml', schemas.speedMeasurementsSchema),
    releases: one('releases.yaml', schemas.releasesSchema),
    sourceConflicts: one('source-conflicts.yaml', schemas.sourceConflictsSchema),
  }
}

function readModels(folder: string): CatalogData['models'] {
  const models: Record<string, z.infer<typeof schemas.modelSchema>> = {}
  for (const path of yamlFiles(join(folder, 'models'))) {
    const id = idOf(path, folder)
    if (Object.hasOwn(models, id))
      throw new DataError(`${relative(folder, path)}: another family already holds a model '${id}'. Rename one file.`)
    models[id] = readFile(path, schemas.modelSchema, folder)
  }
  return models
}

/** The files of one folder, by the id in their names. */
function readFolder<Schema extends z.ZodType>(
  folder: string,
  name: string,
  schema: Schema,
): Record<string, z.infer<Schema>> {
  const paths = yamlFiles(join(folder, name))
  return Object.fromEntries(paths.map((path) => [idOf(path, folder), readFile(path, schema, folder)]))
}

function readServings(folder: string): CatalogData['servings'] {
  return yamlFiles(join(folder, 'serving')).map((path) => ({
    platform: basename(dirname(path)),
    model: idOf(path, folder),
    ...readFile(path, schemas.servingSchema, folder),
  }))
}

function yamlFiles(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return paths.sort((a, b) => (a < b ? -1 : 1))
}

function idOf(path: string, folder: string): string {
  const id = basename(path, '.yaml')
  if (!path.endsWith('.yaml') || !/^[a-z0-9][a-z0-9.-]*$/.test(id))
    throw new DataError(
      `${relative(folder, path)}: a data file is named after its id, in lower-case letters, digits, "-" and ".", and ends in .yaml. Rename it.`,
    )
  return id
}

function readFile<Schema extends z.ZodType>(path: string, schema: Schema, folder: string): z.infer<Schema> {
  const name = relative(folder, path)
  const document = parseDocument(readFileSync(path, 'utf8'), { uniqueKeys: true, merge: true })
  const [error] = document.errors
  if (error !== undefined) throw new DataError(`${name}: ${error.message}`)
  const result = schema.safeParse(document.toJS())
  if (!result.success) throw new DataError(`${name}: ${z.prettifyError(result.error)}`)
  return result.data
}
