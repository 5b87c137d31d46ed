import { randomBytes } from 'node:crypto'
import { chmod, chown, open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { CliError } from './cli-error.js'
import { reasonOf } from './reason-of.js'

/**
 * Writes a file so that a reader, a crash or a full disk sees the old content or the new one, never a half: a new file
 * beside it takes its name. Mode and owner stay, and a symbolic link stays a link. A pipe or a device is written to.
 * @throws CliError naming the file and the reason; the old content is then still there
 */
export async function writeFileAtomically(path: string, text: string): Promise<void> {
  try {
    const before = await existing(path)
    if (before !== undefined && !before.isFile()) await writeFile(path, text)
    else await replaceFile(before === undefined ? path : await realpath(path), text, before)
  } catch (error) {
    throw new CliError(`${path} cannot be written: ${reasonOf(error)}. Nothing was changed in it.`, { cause: error })
  }
}

type FileState = Awaited<ReturnType<typeof stat>>

async function existing(path: string): Promise<FileState | undefined> {
  try {
    return await stat(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

async function replaceFile(path: string, text: string, before: FileState | undefined): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`)
  try {
    // The file may hold keys: nobody else may read the new one before its mode is set.
    const handle = await open(temporary, 'wx', before === undefined ? 0o666 : 0o600)
    try {
      await handle.writeFile(text)
      await handle.sync()
    } finally {
      await handle.close()
    }
    if (before !== undefined) await copyPermissions(temporary, before)
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

async function copyPermissions(path: string, { mode, uid, gid }: FileState): Promise<void> {
  // Only a privileged user may give a file away; for everybody else it stays theirs. The owner is set before the mode,
  // because a change of owner clears special bits.
  await chown(path, Number(uid), Number(gid)).catch(() => {})
  await chmod(path, Number(mode) & 0o7777)
}
