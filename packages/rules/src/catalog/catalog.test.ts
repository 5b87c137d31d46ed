import { describe, expect, test } from 'vitest'
import { gpuIds, machineIds, modelIds, sourceIds } from './catalog.generated.js'
import { catalog } from './catalog.js'

function thawed(value: unknown, path: string): string[] {
  if (typeof value !== 'object' || value === null) return []
  const own = Object.isFrozen(value) ? [] : [path]
  return [...own, ...Object.entries(value).flatMap(([key, child]) => thawed(child, `${path}.${key}`))]
}

describe('catalog', () => {
  test('is frozen all the way down', () => {
    expect(thawed(catalog, 'catalog')).toEqual([])
  })

  test('keys every record by its id', () => {
    const { models, platforms, features, gpus, machines, speedProfiles, releases, sources } = catalog
    for (const table of [models, platforms, features, gpus, machines, speedProfiles, releases, sources])
      for (const [key, { id }] of Object.entries(table)) expect(id).toBe(key)
  })

  test('the id lists are the keys', () => {
    expect(Object.keys(catalog.models)).toEqual(modelIds)
    expect(Object.keys(catalog.gpus)).toEqual(gpuIds)
    expect(Object.keys(catalog.machines)).toEqual(machineIds)
    expect(Object.keys(catalog.sources)).toEqual(sourceIds)
  })

  test('what rests on general knowledge alone is labelled', () => {
    for (const gpu of Object.values(catalog.gpus))
      if (gpu.sources.every(({ source }) => source === 'gpu-data-sheets'))
        expect(catalog.sources['gpu-data-sheets'].standing).toBe('unverified')
    expect(Object.values(catalog.gpus).filter(({ totalGiBVerified }) => !totalGiBVerified)).toEqual([])
  })
})
