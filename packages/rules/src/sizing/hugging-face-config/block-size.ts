import { type ConfigObject, fieldOf, findNumbers, invalid } from './config-object.js'

const sideLimits = { least: 1, largest: 2 ** 16 }

/** How many weights share a scale, from a block's rows and columns (`[128, 128]` or `128x128`); absent without blocks. */
export function findBlockSize(settings: ConfigObject, name: string): number | undefined {
  const written = typeof settings.values[name] === 'string' ? /^(\d{1,5})x(\d{1,5})$/.exec(settings.values[name]) : null
  if (written !== null) return Number(written[1]) * Number(written[2])
  const sides = findNumbers(settings, name, sideLimits)
  if (sides === undefined) return undefined
  const [rows, columns] = sides
  if (rows !== undefined && columns !== undefined && sides.length === 2) return rows * columns
  throw invalid(fieldOf(settings, name), settings.values[name], 'a list of two numbers, rows and columns of a block,')
}
