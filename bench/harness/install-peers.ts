import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../peers', import.meta.url))

/** Installs the packages of `peers/package.json`, those that are not there in that version; returns the folder. */
export function installPeers(): string {
  const { dependencies } = readManifest(folder)
  if (Object.entries(dependencies ?? {}).every(([name, version]) => installedVersion(name) === version)) return folder
  const args = ['install', '--prefix', folder, '--no-audit', '--no-fund', '--no-package-lock', '--ignore-scripts']
  const { status, stderr } = spawnSync('npm', args, { encoding: 'utf8', cwd: folder })
  if (status !== 0) throw new Error(`npm could not install the peers: ${stderr}`)
  return folder
}

interface Manifest {
  readonly version?: string
  readonly dependencies?: Readonly<Record<string, string>>
}

function installedVersion(name: string): string | undefined {
  const path = join(folder, 'node_modules', name)
  return existsSync(path) ? readManifest(path).version : undefined
}

function readManifest(path: string): Manifest {
  return JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as Manifest
}
