import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readConfigurationFile } from './read-configuration-file.js'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'duo-models-'))
})
afterEach(async () => {
  await rm(folder, { recursive: true })
})

describe('readConfigurationFile', () => {
  it('reads a file and names it in the source', async () => {
    const path = join(folder, 'duo-models.yaml')
    await writeFile(path, 'deployments: {}\n')
    const { input, source } = await readConfigurationFile(path)
    expect(input).toEqual({ deployments: {} })
    expect(source.name).toBe(path)
  })

  it.each([
    ['no such file', 'missing.yaml', /missing\.yaml cannot be read: there is no such file\./],
    ['a folder', '.', /cannot be read: it is a folder\./],
  ])('refuses %s and says so', async (_, name, message) => {
    await expect(readConfigurationFile(join(folder, name))).rejects.toThrow(message)
  })

  it('refuses a file that is too large without reading it to its end', async () => {
    const path = join(folder, 'large.yaml')
    await writeFile(path, 'x'.repeat(50 * 1024 * 1024))
    await expect(readConfigurationFile(path)).rejects.toThrow(/larger than 1024 KiB/)
  })

  it.skipIf(process.platform === 'win32')('ends on a device that has no end', async () => {
    await expect(readConfigurationFile('/dev/zero')).rejects.toMatchObject({ code: 'configuration' })
  })
})
