import { execFileSync } from 'node:child_process'

/** Shells that rendered text has to suit. */
export const shells = ['bash', 'sh'] as const

/** What a shell says about the syntax of a script: nothing when it is sound. */
export function syntaxFaults(shell: (typeof shells)[number], script: string): string {
  try {
    execFileSync(shell, ['-n'], { input: script, stdio: ['pipe', 'pipe', 'pipe'] })
    return ''
  } catch (error) {
    return error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error)
  }
}

/** The words that `vllm` receives when a shell runs a script, and the key in its environment. */
export function vllmCall(
  shell: (typeof shells)[number],
  script: string,
  environment: Readonly<Record<string, string>> = {},
): { readonly words: readonly string[]; readonly key: string } {
  const stub = `vllm() { printf '%s\\0' "\${VLLM_API_KEY-}" "$@"; }\n`
  const output = execFileSync(shell, ['-c', stub + script], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [key = '', ...words] = output.split('\0').slice(0, -1)
  return { words, key }
}
