import { execFileSync } from 'node:child_process'
import { chmod, readdir, readFile, stat, symlink } from 'node:fs/promises'
import { type Report, reportFormats } from '@duo-models/rules'
import { describe, expect, it } from 'vitest'
import { doubtful, good, refused, repairable, secret, withSecrets } from '../../test/configurations.js'
import { run, temporaryFolder } from '../../test/run.js'

describe('check', () => {
  it('says nothing against a good file, and needs no environment', async () => {
    await using folder = await temporaryFolder({ 'a.yaml': good })
    const { code, stdout, stderr } = await run(['check', folder.file('a.yaml')])
    expect(stdout).toContain('a.yaml: ok: compatible, 0 errors')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  })

  it('points at file, line and column', async () => {
    await using folder = await temporaryFolder({ 'a.yaml': repairable })
    const { code, stdout, stderr } = await run(['check', folder.file('a.yaml')])
    expect(stdout).toContain(`${folder.file('a.yaml')}:6:5  /deployments/code/endpont  config-unknown-key`)
    expect(stdout).toMatch(/> 6 \|.*endpont.*\n +\| {5}\^/)
    expect(stderr).toBe('1 finding can be repaired with --fix.\n')
    expect(code).toBe(1)
  })

  it('checks every file, also after one that cannot be read', async () => {
    await using folder = await temporaryFolder({
      'a.yaml': good,
      'b.json': '{"deployments": {}, "x": 1}',
      'c.yaml': 'a: [',
    })
    const paths = ['c.yaml', 'missing.yaml', 'a.yaml', 'b.json'].map(folder.file)
    const { code, stdout, stderr } = await run(['check', ...paths, folder.path])
    expect(code).toBe(2)
    expect(stdout).toContain('a.yaml: ok: compatible')
    expect(stdout).toMatch(/b\.json:1:\d+ {2}\/x {2}config-unknown-key/)
    expect(stderr.split('\n')).toEqual([
      expect.stringMatching(/^duo-models: .*c\.yaml:\d+:\d+ is not valid YAML/),
      expect.stringMatching(/^duo-models: .*missing\.yaml cannot be read: there is no such file/),
      expect.stringMatching(/^duo-models: .* cannot be read: it is a folder/),
      '',
    ])
  })

  it.each([
    ['a text of two megabytes', `a: ${'x'.repeat(2 * 1024 * 1024)}`, /larger than/],
    ['a file of twenty megabytes', `a: ${'x'.repeat(20 * 1024 * 1024)}`, /larger than/],
    ['a tab', 'deployments:\n\tcode: 1\n', /a\.yaml:2:1 is not valid YAML/],
  ])('refuses %s', async (_, text, expected) => {
    await using folder = await temporaryFolder({ 'a.yaml': text })
    const { code, stderr } = await run(['check', folder.file('a.yaml')])
    expect(stderr).toMatch(expected)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(code).toBe(2)
  })

  it('refuses what is no UTF-8, and what has no end', async () => {
    expect((await run(['check', '-'], { stdin: Uint8Array.of(0xff, 0xfe, 0x41) })).stderr).toContain('is no UTF-8 text')
    expect((await run(['check', '/dev/zero'])).stderr).toContain('/dev/zero is larger than')
  })

  it.skipIf(process.getuid?.() === 0)('says so when a file may not be read', async () => {
    await using folder = await temporaryFolder({ 'a.yaml': good })
    await chmod(folder.file('a.yaml'), 0)
    const { code, stderr } = await run(['check', folder.file('a.yaml')])
    expect(stderr).toContain('cannot be read: this user may not do that')
    expect(code).toBe(2)
  })

  it('takes an empty file and one that is no mapping as a configuration with errors', async () => {
    for (const stdin of ['', '[1, 2]', 'text', 'null']) expect((await run(['check', '-'], { stdin })).code).toBe(1)
  })

  it('fails on more warnings than --max-warnings', async () => {
    const check = (...options: string[]) => run(['check', '-', ...options], { stdin: doubtful })
    expect((await check()).code).toBe(0)
    expect((await check('--max-warnings', '99')).code).toBe(0)
    const strict = await check('--max-warnings', '0')
    expect(strict.code).toBe(1)
    expect(strict.stderr).toMatch(/\d+ warnings? found, and --max-warnings allows 0/)
  })

  it('judges by another release', async () => {
    const { stdout } = await run(['check', '-', '--release', '17.2', '--format', 'json'], { stdin: good })
    const { findings } = JSON.parse(stdout) as Report
    expect(findings.map(({ rule }) => rule)).toContain('version-older-than-data')
  })

  it('prints one JSON object for one file and a list for several', async () => {
    await using folder = await temporaryFolder({ 'a.yaml': good, 'c.yaml': 'a: [' })
    const one = JSON.parse((await run(['check', '-f', 'json', folder.file('a.yaml')])).stdout)
    expect(one).toMatchObject({ file: folder.file('a.yaml'), ok: true, verdict: 'compatible', findings: [] })
    const both = await run(['check', '-f', 'json', folder.file('a.yaml'), folder.file('c.yaml')])
    expect(JSON.parse(both.stdout)).toMatchObject([
      { ok: true },
      { ok: false, findings: [{ rule: 'config-unreadable', message: expect.stringContaining('c.yaml') }] },
    ])
  })

  it.each(reportFormats)('writes the results of several files as one document in the format %s', async (format) => {
    await using folder = await temporaryFolder({ 'a.yaml': good, 'b.yaml': repairable, 'c.yaml': 'a: [' })
    const paths = ['a.yaml', 'b.yaml', 'c.yaml'].map(folder.file)
    const { code, stdout } = await run(['check', '--format', format, ...paths])
    expect(stdout).toContain('config-unknown-key')
    if (format === 'sarif') expect(JSON.parse(stdout).runs).toHaveLength(1)
    if (format === 'junit') expect(stdout.match(/<testsuites/g)).toHaveLength(1)
    expect(code).toBe(2)
  })

  it('refuses a format nobody knows, before it reads a file', async () => {
    const { code, stderr } = await run(['check', 'missing.yaml', '--format', 'xml'])
    expect(stderr).toMatch(/no report format 'xml'.*pretty, json, sarif, github, junit/)
    expect(code).toBe(2)
  })

  it('writes the results to a file, without colours', async () => {
    await using folder = await temporaryFolder({ 'a.yaml': refused })
    const output = folder.file('report.txt')
    const { code, stdout } = await run(['check', folder.file('a.yaml'), '-o', output], { env: { FORCE_COLOR: '1' } })
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    const text = await readFile(output, 'utf8')
    expect(text).toContain('deployment-unknown')
    expect(text).not.toContain('\u001b')
  })

  it('never shows a secret', async () => {
    await using folder = await temporaryFolder({ 'a.yaml': withSecrets, 'b.yaml': `apiKey: "${secret}\nx: [` })
    for (const options of [[], ['--format', 'json'], ['--fix']]) {
      const { stdout, stderr } = await run(['check', folder.file('a.yaml'), folder.file('b.yaml'), ...options], {
        env: { DUO_MODELS_DEBUG: '1' },
      })
      expect(stdout).toContain('config-')
      expect(stdout + stderr).not.toContain(secret)
    }
    expect(await readFile(folder.file('a.yaml'), 'utf8')).toContain(secret)
  })

  it('does not let names steer the terminal', async () => {
    const { stdout, stderr } = await run(['check', '-', 'x\u001b[2J'], { stdin: '"\\e]0;owned\\a": 1\n' })
    expect(stdout + stderr).not.toContain('\u001b')
  })
})

describe('check --fix', () => {
  it('repairs the file, keeps everything else, and finds nothing the second time', async () => {
    await using folder = await temporaryFolder({ 'a.yaml': repairable })
    const path = folder.file('a.yaml')
    await chmod(path, 0o640)
    const first = await run(['check', '--fix', path])
    expect(first.stdout).toContain(`${path}:6:5  fixed  config-unknown-key`)
    expect(first.stdout).toContain('fixed  endpoint-has-operation-path')
    expect(first.code).toBe(0)
    expect(await readFile(path, 'utf8')).toBe(good)
    expect((await stat(path)).mode & 0o777).toBe(0o640)
    const second = await run(['check', '--fix', path])
    expect(second.stdout).not.toContain('fixed')
    expect(await readFile(path, 'utf8')).toBe(good)
    expect(await readdir(folder.path)).toEqual(['a.yaml'])
  })

  it('keeps JSON as JSON', async () => {
    const json = '{\n   "platform": "vllm", "model": "codestral-22b-v0.1",\n   "endpont": "http://gpu-1:8000"\n}'
    await using folder = await temporaryFolder({ 'a.json': json })
    expect((await run(['check', '--fix', folder.file('a.json')])).stdout).toContain('fixed')
    const expected = json.replace('endpont', 'endpoint').replace('8000', '8000/v1')
    expect(await readFile(folder.file('a.json'), 'utf8')).toBe(expected)
  })

  it('writes through a symbolic link', async () => {
    await using folder = await temporaryFolder({ 'real.yaml': repairable })
    await symlink('real.yaml', folder.file('link.yaml'))
    await run(['check', '--fix', folder.file('link.yaml')])
    expect(await readFile(folder.file('real.yaml'), 'utf8')).toBe(good)
    expect(execFileSync('readlink', [folder.file('link.yaml')], { encoding: 'utf8' })).toBe('real.yaml\n')
  })

  it('says which patch does not fit, and leaves the file alone', async () => {
    const shared = `deployments:\n  a: &a { platform: vllm, model: codestral-22b-v0.1, endpoint: http://gpu-1:8000 }\n  b: *a\n`
    await using folder = await temporaryFolder({ 'a.yaml': shared })
    const { code, stdout } = await run(['check', '--fix', folder.file('a.yaml')])
    expect(stdout).toMatch(/skipped {2}endpoint-missing-v1: its patch does not fit/)
    expect(await readFile(folder.file('a.yaml'), 'utf8')).toBe(shared)
    expect(code).toBe(1)
  })

  it('is a filter for standard input: the text to the output, the report to the errors', async () => {
    const { code, stdout, stderr } = await run(['check', '--fix', '-'], { stdin: repairable })
    expect(stdout).toBe(good)
    expect(stderr).toContain('<stdin>: ok: compatible')
    expect(code).toBe(0)
    expect((await run(['check', '--fix', '-', 'other.yaml'])).code).toBe(2)
  })
})
