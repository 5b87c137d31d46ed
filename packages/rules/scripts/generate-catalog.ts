import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { checkData } from './check-data.js'
import { DataError, readData } from './read-data.js'
import { writeCatalog } from './write-catalog.js'

const dataFolder = fileURLToPath(new URL('../data', import.meta.url))
const target = fileURLToPath(new URL('../src/catalog/catalog.generated.ts', import.meta.url))

/**
 * The text of the generated catalog, from the data files.
 * @throws DataError naming the file and the remedy
 */
export function generateCatalog(folder: string = dataFolder): string {
  const data = readData(folder)
  checkData(data)
  return writeCatalog(data)
}

function main(): void {
  try {
    writeFileSync(target, generateCatalog())
  } catch (error) {
    if (!(error instanceof DataError)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 1
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main()
