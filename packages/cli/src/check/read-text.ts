import { createReadStream } from 'node:fs'
import { CliError } from '../cli-error.js'
import type { CliInputStream, CliIo } from '../cli-io.js'
import { reasonOf } from '../reason-of.js'

/** A configuration is a few kilobytes. What is read stops here, so that an endless input cannot fill the memory. */
const maxBytes = 8 * 1024 * 1024

/**
 * Reads a whole file, or standard input for `-`, as UTF-8.
 * @throws CliError naming the file and the reason
 */
export async function readText(path: string, { stdin, stderr }: CliIo): Promise<string> {
  if (path !== '-') return decode(await readBytes(createReadStream(path), path), path)
  if (stdin.isTTY === true) stderr.write('Reading the configuration from the terminal; end it with Ctrl-D.\n')
  return decode(await readBytes(stdin, 'standard input'), 'standard input')
}

async function readBytes(stream: CliInputStream, name: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  try {
    for await (const chunk of stream) {
      const part = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
      bytes += part.length
      if (bytes > maxBytes) break
      chunks.push(part)
    }
  } catch (error) {
    throw new CliError(`${name} cannot be read: ${reasonOf(error)}. Check the name and the permissions.`, {
      cause: error,
    })
  }
  if (bytes > maxBytes) throw new CliError(tooLarge(name))
  return Buffer.concat(chunks)
}

function decode(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new CliError(`${name} is no UTF-8 text. Is this the right file?`)
  }
}

function tooLarge(name: string): string {
  return `${name} is larger than ${maxBytes / 1024 / 1024} MiB, and a configuration is a few kilobytes. Is this the right file?`
}
