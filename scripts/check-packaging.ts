// Packs every published package and proves that what is inside works for those who install it: publint and
// arethetypeswrong (every resolution since Node 16) read the tarballs; then a program outside the repository installs them and streams from the
// emulator, once as ES modules and once as CommonJS, and a TypeScript program is checked against the declarations.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const packages = readdirSync(join(root, 'packages'))
const work = mkdtempSync(join(tmpdir(), 'duo-models-packaging-'))
const bin = (name: string) => join(root, 'node_modules', '.bin', name)

let passed = 0
let failed = 0

function check(name: string, command: string, args: readonly string[], cwd = root): boolean {
  const run = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', npm_config_loglevel: 'error' },
  })
  const ok = run.status === 0
  if (ok) passed += 1
  else failed += 1
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${name}`)
  if (!ok) console.log(`${run.stdout ?? ''}${run.stderr ?? ''}${run.error ?? ''}`)
  return ok
}

function pack(name: string): string {
  check(`pack ${name}`, bin('pnpm'), ['pack', '--pack-destination', work], join(root, 'packages', name))
  const { version } = JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'))
  return join(work, `duo-models-${name}-${version}.tgz`)
}

const esm = `import { createDuoModelClient } from '@duo-models/core'
import { startEmulator } from '@duo-models/emulator'
`
const cjs = `const { createDuoModelClient } = require('@duo-models/core')
const { startEmulator } = require('@duo-models/emulator')
require('@duo-models/adapters/testing')
require('@duo-models/adapters/vllm')
require('@duo-models/core/configuration-file')
`
const program = `
async function main() {
  const emulator = await startEmulator({ platform: 'vllm', speed: 0, apiKey: 'secret', servedModelName: 'mistral-small' })
  const client = createDuoModelClient({
    platform: 'vllm', model: 'mistral-small-24b-instruct-2506', endpoint: emulator.baseUrl, apiKey: 'secret',
    servedModelName: 'mistral-small',
  })
  let text = ''
  for await (const event of client.stream({ feature: 'duo-chat', messages: [{ role: 'user', content: 'Hello' }] }))
    if (event.type === 'text-delta') text += event.text
    else if (event.type === 'response-end') console.log(event.finishReason.unified, text.length > 0)
  await client.close()
  await emulator.close()
}
main().then(undefined, (error) => { console.error(error); process.exitCode = 1 })
`
const types = `${esm}
import { compatibility, type FeatureVerdict } from '@duo-models/rules'
const verdict: FeatureVerdict = compatibility({ model: 'gpt-4o', feature: 'duo-chat' })
// @ts-expect-error a model nobody knows
compatibility({ model: 'gpt-4oo', feature: 'duo-chat' })
const emulator = await startEmulator({ platform: 'vllm' })
const client = createDuoModelClient({ platform: 'vllm', model: 'gpt-4o', endpoint: emulator.baseUrl })
export const text: string = await client.stream({ feature: 'duo-chat', messages: [] }).text()
export const level = verdict.level
`
const tsconfig = {
  compilerOptions: {
    target: 'es2023',
    module: 'nodenext',
    strict: true,
    noEmit: true,
    skipLibCheck: false,
    types: ['node'],
    lib: ['es2023', 'esnext.disposable', 'dom'],
  },
  files: ['types.ts'],
}

try {
  const tarballs = packages.map(pack)
  for (const [index, tarball] of tarballs.entries()) {
    check(`publint ${packages[index]}`, bin('publint'), ['run', tarball, '--strict'])
    check(`arethetypeswrong ${packages[index]}`, bin('attw'), [tarball, '--profile', 'node16'])
  }
  const consumer = join(work, 'consumer')
  mkdirSync(consumer)
  writeFileSync(join(consumer, 'package.json'), JSON.stringify({ name: 'consumer', private: true, type: 'module' }))
  writeFileSync(join(consumer, 'esm.mjs'), esm + program)
  writeFileSync(join(consumer, 'cjs.cjs'), cjs + program)
  writeFileSync(join(consumer, 'types.ts'), types)
  writeFileSync(join(consumer, 'tsconfig.json'), JSON.stringify(tsconfig))
  const typesNode = JSON.parse(
    readFileSync(join(root, 'node_modules', '@types', 'node', 'package.json'), 'utf8'),
  ).version
  const install = ['install', '--no-audit', '--no-fund', '--ignore-scripts', ...tarballs, `@types/node@${typesNode}`]
  if (check('install the tarballs outside the repository', 'npm', install, consumer)) {
    check('stream as an ES module', process.execPath, ['esm.mjs'], consumer)
    check('stream as CommonJS', process.execPath, ['cjs.cjs'], consumer)
    check('declarations, all of them checked', bin('tsc'), ['-p', '.'], consumer)
    check(
      'the command line runs',
      process.execPath,
      [join('node_modules', '@duo-models', 'cli', 'dist', 'main.js'), '--help'],
      consumer,
    )
  }
} finally {
  rmSync(work, { recursive: true, force: true })
}

console.log(`packaging: ${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
