import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { runCli } from '../src/run-cli.js'

/** What a run of the command line left behind. */
export interface Outcome {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** What is around a run. */
export interface Surroundings {
  readonly stdin?: string | Uint8Array
  readonly env?: Record<string, string>
  readonly isTTY?: boolean
  readonly columns?: number
  readonly untilInterrupted?: () => Promise<void>
}

/** Runs the command line in this process. */
export async function run(argv: readonly string[], around: Surroundings = {}): Promise<Outcome> {
  const { stdin = '', env = {}, isTTY, columns, untilInterrupted } = around
  const stdout = collector()
  const stderr = collector()
  const code = await runCli(argv, {
    stdout: Object.assign(stdout.stream, { isTTY, columns }),
    stderr: stderr.stream,
    stdin: Readable.from([stdin]),
    env,
    untilInterrupted,
  })
  return { code, stdout: stdout.text(), stderr: stderr.text() }
}

const root = fileURLToPath(new URL('../../..', import.meta.url))
const main = join(root, 'packages/cli/src/main.ts')

/** Starts the program itself, from source. */
export function start(argv: readonly string[], env: Record<string, string> = {}) {
  const inherited = { ...process.env }
  for (const name of ['NO_COLOR', 'FORCE_COLOR', 'DUO_MODELS_DEBUG']) delete inherited[name]
  return spawn(process.execPath, ['--import', 'tsx', main, ...argv], { cwd: root, env: { ...inherited, ...env } })
}

/** Runs the program itself to its end. */
export async function runProcess(
  argv: readonly string[],
  { stdin = '', env = {} }: Surroundings = {},
): Promise<Outcome> {
  const child = start(argv, env)
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  child.stdin.end(stdin)
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, stdout, stderr }
}

/** A folder with files in it, gone at the end of the scope. */
export async function temporaryFolder(files: Record<string, string> = {}) {
  const path = await mkdtemp(join(tmpdir(), 'duo-models-cli-'))
  for (const [name, text] of Object.entries(files)) await writeFile(join(path, name), text)
  return {
    path,
    file: (name: string) => join(path, name),
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  }
}

function collector() {
  const chunks: Buffer[] = []
  const stream = new Writable({
    write(chunk: Buffer, _, done) {
      chunks.push(chunk)
      done()
    },
  })
  return { stream, text: () => Buffer.concat(chunks).toString('utf8') }
}
