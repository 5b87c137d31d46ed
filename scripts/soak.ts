// Draws new cases for every property test, round after round, until one fails or the time is over:
// `npm run soak -- --minutes 30`. A failure prints the command that repeats it.
import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const root = fileURLToPath(new URL('..', import.meta.url))
const help = `npm run soak -- [options]

Runs the property tests again and again, each round with cases that no run has drawn before.

  --minutes <number>  starts no new round after so many minutes (default 30)
  --cases <number>    cases per property and round, where its test names no number of its own (default 400)
  --seed <number>     one round with this seed, to repeat what failed
  --help              this text

Ends with exit code 1 after the first round in which a test failed, and with 130 when it is interrupted.`

const options = {
  minutes: { type: 'string', default: '30' },
  cases: { type: 'string', default: '400' },
  seed: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const

try {
  const { values } = parseArgs({ options })
  if (values.help) console.log(help)
  else
    process.exitCode = await soak({
      minutes: positive('--minutes', values.minutes),
      cases: wholeNumber('--cases', values.cases, 1),
      seed: values.seed === undefined ? undefined : wholeNumber('--seed', values.seed, 0),
    })
} catch (error) {
  console.error(`${error instanceof Error ? error.message : error}\n\n${help}`)
  process.exitCode = 2
}

async function soak({ minutes, cases, seed }: { minutes: number; cases: number; seed: number | undefined }) {
  const files = propertyTestFiles()
  const endsAtMs = performance.now() + minutes * 60_000
  for (let round = 1; ; round++) {
    const roundSeed = seed ?? randomInt(2 ** 31)
    console.log(`Round ${round}: seed ${roundSeed}, ${cases} cases, ${files.length} files`)
    const outcome = await runTests(files, roundSeed, cases)
    if (outcome === 'stopped') return 130
    if (outcome === 'failed') {
      console.error(`Failed. To repeat it: npm run soak -- --seed ${roundSeed} --cases ${cases}`)
      return 1
    }
    if (seed !== undefined || performance.now() >= endsAtMs) return 0
  }
}

async function runTests(
  files: readonly string[],
  seed: number,
  cases: number,
): Promise<'passed' | 'failed' | 'stopped'> {
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  // More cases take longer than a single test may on an ordinary day.
  const child = spawn(
    process.execPath,
    [vitest, 'run', '--typecheck.enabled=false', '--testTimeout=900000', ...files],
    {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, PROPERTY_TEST_SEED: String(seed), PROPERTY_TEST_CASES: String(cases) },
    },
  )
  let isStopped = false
  const stop = (signal: NodeJS.Signals) => {
    isStopped = true
    child.kill(signal)
  }
  process.on('SIGINT', stop).on('SIGTERM', stop)
  const [exitCode] = await once(child, 'exit')
  process.off('SIGINT', stop).off('SIGTERM', stop)
  if (isStopped) return 'stopped'
  return exitCode === 0 ? 'passed' : 'failed'
}

function propertyTestFiles(): string[] {
  const files: string[] = []
  for (const folder of ['packages', 'bench', 'examples', 'scripts'])
    for (const entry of readdirSync(join(root, folder), { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name)
      if (!entry.isFile() || !entry.name.endsWith('.test.ts') || path.includes('node_modules')) continue
      if (readFileSync(path, 'utf8').includes("from 'fast-check'")) files.push(relative(root, path))
    }
  return files
}

function positive(option: string, text: string): number {
  const value = Number(text)
  if (!(value > 0 && value < Number.POSITIVE_INFINITY))
    throw new Error(`${option} takes a number above 0, and this is '${text}'.`)
  return value
}

function wholeNumber(option: string, text: string, minimum: number): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < minimum || value >= 2 ** 31)
    throw new Error(`${option} takes a whole number from ${minimum} to ${2 ** 31 - 1}, and this is '${text}'.`)
  return value
}
