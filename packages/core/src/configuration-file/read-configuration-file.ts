import { createReadStream } from 'node:fs'
import { ConfigurationError } from '@duo-models/adapters'
import {
  type ConfigurationText,
  maxTextBytes,
  type ParseOptions,
  parseConfigurationText,
} from './parse-configuration-text.js'

/**
 * Reads a configuration file, YAML or JSON.
 * @example
 * const { input } = await readConfigurationFile('duo-models.yaml')
 * const client = createDuoModelClient(input as DuoModelsConfiguration)
 * @throws ConfigurationError where the file cannot be read, is no YAML, or asks for a variable that is not set.
 */
export async function readConfigurationFile(
  path: string,
  options: Omit<ParseOptions, 'name'> = {},
): Promise<ConfigurationText> {
  return parseConfigurationText(await readText(path), { ...options, name: path })
}

async function readText(path: string): Promise<string> {
  try {
    // One byte more than is accepted: devices and pipes have no size to ask for, and may have no end.
    const chunks = await createReadStream(path, { end: maxTextBytes }).toArray()
    return Buffer.concat(chunks).toString('utf8')
  } catch (error) {
    throw new ConfigurationError({ message: `${path} cannot be read: ${describe(error)}.`, cause: error })
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'it may not be read by this user',
}

function describe(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return reasons[code] ?? (error instanceof Error ? error.message : String(error))
}
