import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { checkData } from './check-data.js'
import { DataError, readData } from './read-data.js'
import { writeArchitectures, writeCatalog, writeSpeedProfiles } from './write-catalog.js'

const dataFolder = fileURLToPath(new URL('../data', import.meta.url))
const target = fileURLToPath(new URL('../src/catalog/', import.meta.url))

/**
 * The generated files of `src/catalog`, by name, from the data files.
 * @throws DataError naming the file and the remedy
 */
export function generateCatalog(folder: string = dataFolder): ReadonlyMap<string, string> {
  const data = readData(folder)
  checkData(data)
  return new Map([
    ['catalog.generated.ts', writeCatalog(data)],
    ['architectures.generated.ts', writeArchitectures(data)],
    ['speed-profiles.generated.ts', writeSpeedProfiles(data)],
  ])
}

function main(): void {
  try {
    for (const [name, text] of generateCatalog()) writeFileSync(join(target, name), text)
  } catch (error) {
    if (!(error instanceof DataError)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 1
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main()
