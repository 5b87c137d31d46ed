import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../peers', import.meta.url))

/** Installs the packages of `peers/package.json`, if that was not done before; returns the folder. */
export function installPeers(): string {
  const { dependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { dependencies: object }
  if (Object.keys(dependencies).every((name) => existsSync(join(folder, 'node_modules', name)))) return folder
  const args = ['install', '--prefix', folder, '--no-audit', '--no-fund', '--no-package-lock', '--ignore-scripts']
  const { status, stderr } = spawnSync('npm', args, { encoding: 'utf8', cwd: folder })
  if (status !== 0) throw new Error(`npm could not install the peers: ${stderr}`)
  return folder
}
