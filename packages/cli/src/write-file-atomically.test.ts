import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../test/run.js'
import { CliError } from './cli-error.js'
import { writeFileAtomically } from './write-file-atomically.js'

it('makes and replaces a file, and leaves nothing beside it', async () => {
  await using folder = await temporaryFolder()
  for (const text of ['one', 'two']) {
    await writeFileAtomically(folder.file('a'), text)
    expect(await readFile(folder.file('a'), 'utf8')).toBe(text)
  }
  expect(await readdir(folder.path)).toEqual(['a'])
})

it('says why it cannot, and leaves what is there', async () => {
  await using folder = await temporaryFolder()
  await mkdir(folder.file('folder'))
  await writeFile(folder.file('file'), 'kept')
  await expect(writeFileAtomically(folder.file('folder'), 'x')).rejects.toThrow(/cannot be written: it is a folder/)
  await expect(writeFileAtomically(folder.file('file/a'), 'x')).rejects.toThrow(CliError)
  await expect(writeFileAtomically(folder.file('missing/a'), 'x')).rejects.toThrow(/there is no such/)
  expect(await readFile(folder.file('file'), 'utf8')).toBe('kept')
  expect((await readdir(folder.path)).sort()).toEqual(['file', 'folder'])
})

it('writes to a device in place', async () => {
  await expect(writeFileAtomically('/dev/null', 'x')).resolves.toBeUndefined()
})
