import { ConfigurationError } from '@duo-models/adapters'
import { type Document, LineCounter, parseDocument, type YAMLError } from 'yaml'
import { replaceVariables } from './replace-variables.js'
import { createTextSource, type TextSource } from './text-source.js'

/** How a text is read. */
export interface ParseOptions {
  /** What the text is called in errors. @default 'configuration' */
  readonly name?: string | undefined
  /**
   * Where `${NAME}` is looked up. `false` leaves it as it is written, for checks that must not need the secrets.
   * @default process.env
   */
  readonly environment?: Readonly<Record<string, string | undefined>> | false | undefined
}

/** A configuration as it was written, and the text it was written in. */
export interface ConfigurationText {
  /** What `checkConfig` and `createDuoModelClient` take; nothing about it has been checked yet. */
  readonly input: unknown
  readonly source: TextSource
}

/** A configuration is a few kilobytes; a text far beyond is a mistake or an attack. */
export const maxTextBytes = 1024 * 1024
/** Aliases that expand into one another grow without bound. */
const maxAliases = 100

/**
 * Reads YAML or JSON (which is YAML), and puts the environment's values where the text says `${NAME}`.
 * @throws ConfigurationError naming line and column, or the variable that is missing. It never holds a value.
 */
export function parseConfigurationText(text: string, options: ParseOptions = {}): ConfigurationText {
  const name = options.name ?? 'configuration'
  if (Buffer.byteLength(text) > maxTextBytes)
    throw new ConfigurationError({
      message: `${name} is larger than ${maxTextBytes / 1024} KiB, and a configuration is a few kilobytes. Is this the right file?`,
    })
  const lines = new LineCounter()
  const document = parseDocument(text.replace(/^\uFEFF/, ''), {
    lineCounter: lines,
    uniqueKeys: true,
    prettyErrors: true,
  })
  const [fault] = document.errors
  if (fault !== undefined) throw syntaxError(name, fault)
  const written = toValue(name, document)
  const environment = options.environment ?? process.env
  const input = environment === false ? written : replaceVariables(written, environment, name)
  return { input, source: createTextSource(name, text, document, lines) }
}

function toValue(name: string, document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: maxAliases })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new ConfigurationError({
      message: `${name} cannot be read: ${reason}. Write values out instead of repeating them through aliases.`,
    })
  }
}

function syntaxError(name: string, fault: YAMLError): ConfigurationError {
  const place = fault.linePos?.[0]
  const at = place === undefined ? '' : `:${place.line}:${place.col}`
  // The first line says what is wrong; the others repeat the text, which may hold a secret.
  const reason = fault.message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '')
  return new ConfigurationError({ message: `${name}${at} is not valid YAML: ${reason}.` })
}
