// Makes a fresh clone ready with nothing but Node and npm: fetches the pinned pnpm and installs from the lockfile.
// A second run finds the stamp of the first one and does nothing.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const stamp = join(root, 'node_modules', '.duo-models-bootstrap')
const minimumNode = [20, 19]

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < minimumNode[0] || (major === minimumNode[0] && minor < minimumNode[1])) {
  console.error(
    `duo-models needs Node ${minimumNode.join('.')} or newer, and this is ${process.versions.node}. Install a newer Node and run the command again.`,
  )
  process.exit(1)
}

const manifests = [
  'pnpm-lock.yaml',
  'pnpm-workspace.yaml',
  'package.json',
  'examples/package.json',
  'bench/package.json',
]
for (const name of readdirSync(join(root, 'packages'))) manifests.push(`packages/${name}/package.json`)

const hash = createHash('sha256').update(process.versions.node)
for (const path of manifests) if (existsSync(join(root, path))) hash.update(path).update(readFileSync(join(root, path)))
const digest = hash.digest('hex')

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== digest) {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  console.log(`Installing the dependencies with ${packageManager} (once; about half a minute) …`)
  const install = spawnSync(
    'npx',
    ['--yes', packageManager, 'install', '--frozen-lockfile', '--reporter=append-only'],
    {
      cwd: root,
      encoding: 'utf8',
      // On Windows npx is a batch file, which only a shell starts.
      shell: process.platform === 'win32',
      env: { ...process.env, npm_config_loglevel: 'error' },
    },
  )
  if (install.status !== 0) {
    console.error(`${install.stdout ?? ''}${install.stderr ?? ''}${install.error ?? ''}`)
    console.error(
      `The installation failed: \`npx --yes ${packageManager} install --frozen-lockfile\` ended with ${install.status ?? install.signal ?? 'no exit code'}. ` +
        'Check that npm reaches its registry (`npm ping`), then run the command again.',
    )
    process.exit(1)
  }
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, digest)
  console.log('Installed.\n')
}
