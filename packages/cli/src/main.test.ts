import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { good, repairable } from '../test/configurations.js'
import { runProcess, start } from '../test/run.js'

describe('main', () => {
  it('ends with 0 for a good configuration from standard input', async () => {
    const { code, stdout, stderr } = await runProcess(['check', '-'], { stdin: good })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain('<stdin>: ok: compatible')
  })

  it('ends with 1 for errors', async () => {
    const { code, stdout } = await runProcess(['check', '-'], { stdin: repairable, env: { FORCE_COLOR: '1' } })
    expect(code).toBe(1)
    expect(stdout).toContain('\u001b[')
  })

  it('ends with 2 for what cannot be read; the stack is shown on demand only', async () => {
    const plain = await runProcess(['check', '--release', 'x', 'a.yaml'])
    expect(plain.code).toBe(2)
    expect(plain.stderr.trim().split('\n')).toHaveLength(1)
    const debugging = await runProcess(['check', '--release', 'x', 'a.yaml'], { env: { DUO_MODELS_DEBUG: '1' } })
    expect(debugging.stderr).toMatch(/\n\s+at /)
  })

  it('ends with 0 and in silence when its reader goes away', async () => {
    const child = start(['explain', 'mixtral-8x7b-it-v0.1'])
    // Closing the pipe before anything is written makes the first write fail, as `head` does to a later one.
    child.stdout.destroy()
    let stderr = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    const [code] = await once(child, 'close')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  })
})
