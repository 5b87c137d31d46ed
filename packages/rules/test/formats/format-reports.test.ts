import { readFileSync } from 'node:fs'
import Ajv4Module from 'ajv-draft-04'
import addFormatsModule from 'ajv-formats'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  builtInRules,
  checkConfig,
  type Finding,
  formatReport,
  formatReports,
  type Report,
  reportFormats,
} from '../../src/index.js'
import { entries, report as someReport } from './arbitrary-reports.js'
import { parseXml } from './parse-xml.js'

const schema = JSON.parse(readFileSync(new URL('fixtures/sarif-2.1.0-rtm.5.json', import.meta.url), 'utf8'))
const ajv = new Ajv4Module.default({ strict: false, allErrors: true, unicodeRegExp: false })
addFormatsModule.default(ajv)
const validateSarif = ajv.compile(schema)

const plain = (text: string) => text.replace(/[^\P{Cc}\t\n\r]|\p{Cs}|[\uFFFE\uFFFF]/gu, '\uFFFD')
const fixed = ({ message, fix }: Finding) => (fix === undefined ? message : `${message}\nFix: ${fix.description}`)
const decode = (text: string) =>
  text.replace(/%(25|0D|0A|3A|2C)/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))

describe('every format, whatever the reports hold', () => {
  test('json is the reports', () => {
    fc.assert(
      fc.property(entries, (list) => {
        const parsed = JSON.parse(formatReports(list, 'json'))
        const expected = list.map(({ report, source }) => ({ ...(source && { file: source.name }), ...report }))
        expect(parsed).toEqual(JSON.parse(JSON.stringify(expected)))
      }),
    )
  })

  test('sarif validates against the SARIF 2.1.0 schema and holds every finding', () => {
    fc.assert(
      fc.property(entries, (list) => {
        const log = JSON.parse(formatReports(list, 'sarif'))
        validateSarif(log)
        expect(validateSarif.errors ?? []).toEqual([])
        const findings = list.flatMap(({ report }) => report.findings)
        const { results, tool } = log.runs[0]
        expect(results.map((result: { message: { text: string } }) => result.message.text)).toEqual(findings.map(fixed))
        for (const [index, { ruleId, ruleIndex }] of results.entries()) {
          expect(ruleId).toBe(findings[index]?.rule)
          expect(tool.driver.rules[ruleIndex].id).toBe(ruleId)
        }
        const prints = results.map((result: { partialFingerprints: object }) =>
          JSON.stringify(result.partialFingerprints),
        )
        expect(new Set(prints).size).toBe(prints.length)
      }),
    )
  })

  test('the SARIF schema refuses what is no SARIF', () => {
    expect(validateSarif({ version: '2.1.0', runs: [{ tool: {} }] })).toBe(false)
  })

  test('junit is XML 1.0 whose counts are right and whose texts are those of the findings', () => {
    fc.assert(
      fc.property(entries, (list) => {
        const root = parseXml(formatReports(list, 'junit'))
        const cases = root.children.flatMap(({ children }) => children)
        const failed = cases.filter(({ children }) => children.some(({ name }) => name === 'failure'))
        const findings = list.flatMap(({ report }) => report.findings)
        expect(root.name).toBe('testsuites')
        expect(root.attributes['tests']).toBe(String(cases.length))
        expect(root.attributes['failures']).toBe(String(failed.length))
        expect(failed.length).toBe(findings.filter(({ severity }) => severity === 'error').length)
        for (const { attributes, children } of root.children)
          expect(attributes['tests']).toBe(String(Math.max(1, children.length)))
        const messages = failed.map(({ children }) => children[0]?.attributes['message'])
        expect(messages).toEqual(
          findings.filter(({ severity }) => severity === 'error').map(({ message }) => plain(message)),
        )
      }),
    )
  })

  test('github is one line per finding, which decodes to the message', () => {
    fc.assert(
      fc.property(entries, (list) => {
        const output = formatReports(list, 'github')
        const lines = output.split(/\r\n|\r|\n/).slice(0, -1)
        const findings = list.flatMap(({ report, source }) => report.findings.map((finding) => ({ finding, source })))
        expect(lines.length).toBe(findings.length)
        for (const [index, line] of lines.entries()) {
          const { finding, source } = findings[index] ?? {}
          const match = /^::(error|warning|notice) ([^:]*)::(.*)$/su.exec(line)
          const properties = Object.fromEntries(
            (match?.[2] ?? '')
              .split(',')
              .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
          )
          if (finding === undefined) throw new Error('There are more lines than findings.')
          expect(decode(properties['title'] ?? '')).toBe(plain(finding.rule))
          expect(decode(properties['file'] ?? '')).toBe(plain(source?.name ?? ''))
          const about = source === undefined ? `${finding.path || '/'}: ` : ''
          expect(decode(match?.[3] ?? '')).toBe(plain(about + fixed(finding)))
        }
      }),
    )
  })

  test('pretty holds nothing a terminal would act on, but its own colours', () => {
    fc.assert(
      fc.property(entries, fc.boolean(), (list, color) => {
        const output = formatReports(list, 'pretty', { color })
        // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what this test looks for
        const own = color ? output.replace(/\u001b\[(?:0|1|2|31|32|33|36)m/g, '') : output
        expect(own.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u2028\u2029]/u)
      }),
    )
  })

  test('one report is the single case of several', () => {
    fc.assert(
      fc.property(someReport, (report) => {
        for (const format of reportFormats.filter((name) => name !== 'json'))
          expect(formatReport(report, format)).toBe(formatReports([{ report }], format))
        expect([JSON.parse(formatReport(report, 'json'))]).toEqual(JSON.parse(formatReports([{ report }], 'json')))
      }),
      { numRuns: 30 },
    )
  })
})

const source = {
  name: 'config/duo models.yaml',
  text: 'deployments:\n  code:\n    platform: vllm\n    apiKey: S3CR3T\n    endpoint: http://gpu-1:8000\n    model: codestral-22b-v0.1\n',
  positionOf: (path: string) => (path.endsWith('/endpoint') ? { line: 5, column: 5 } : undefined),
}
const report: Report = checkConfig(
  {
    deployments: {
      code: { platform: 'vllm', apiKey: 'S3CR3T', endpoint: 'http://gpu-1:8000', model: 'codestral-22b-v0.1' },
    },
  },
  { rules: builtInRules.filter(({ id }) => id === 'endpoint-missing-v1') },
)
const clean: Report = checkConfig({})

describe('a report about a file', () => {
  test('pretty points at the line and column, and hides the secret beside it', () => {
    const output = formatReport(report, 'pretty', { source })
    expect(output.split('\n').slice(0, 6)).toEqual([
      'error  config/duo models.yaml:5:5  /deployments/code/endpoint  endpoint-missing-v1',
      '         4 |     apiKey: ***',
      '       > 5 |     endpoint: http://gpu-1:8000',
      '           |     ^',
      '         6 |     model: codestral-22b-v0.1',
      '       The endpoint "http://gpu-1:8000" does not end in /v1, so the server answers 404.',
    ])
    expect(output).toMatch(/config\/duo models\.yaml: not ok: invalid, 1 error, 0 warnings, 0 infos\n$/)
  })

  test('no format shows the secret', () => {
    for (const format of reportFormats) expect(formatReport(report, format, { source })).not.toContain('S3CR3T')
  })

  test('sarif has the place, the rule and where to read on', () => {
    const [run] = JSON.parse(formatReport(report, 'sarif', { source })).runs
    expect(run.results[0].locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: 'config/duo%20models.yaml' },
      region: { startLine: 5, startColumn: 5 },
    })
    expect(run.tool.driver.rules[0]).toMatchObject({
      id: 'endpoint-missing-v1',
      defaultConfiguration: { level: 'error' },
    })
    expect(run.tool.driver.rules[0].helpUri).toMatch(/^https:/)
    const ruleDocsUrl = 'https://example.com/rules/'
    const [documented] = JSON.parse(formatReport(report, 'sarif', { source, ruleDocsUrl })).runs
    expect(documented.tool.driver.rules[0].helpUri).toBe('https://example.com/rules/endpoint-missing-v1.md')
  })

  test('several files make one document', () => {
    const both = [
      { report, source },
      { report: clean, source: { name: 'other.yaml' } },
    ]
    expect(JSON.parse(formatReports(both, 'sarif')).runs).toHaveLength(1)
    const suites = parseXml(formatReports(both, 'junit'))
    expect(suites.children.map(({ attributes }) => attributes['name'])).toEqual([source.name, 'other.yaml'])
    expect(suites.attributes).toMatchObject({ tests: '2', failures: '1' })
    expect(formatReports(both, 'github')).toMatch(
      /^::error file=config\/duo models\.yaml,line=5,col=5,title=endpoint-missing-v1::/,
    )
  })

  test('a clean report is valid in every format, and passes in JUnit', () => {
    expect(formatReport(clean, 'github')).toBe('')
    expect(parseXml(formatReport(clean, 'junit')).attributes).toMatchObject({ tests: '1', failures: '0' })
    expect(validateSarif(JSON.parse(formatReport(clean, 'sarif')))).toBe(true)
    for (const format of reportFormats) expect(formatReports([], format)).toBeTypeOf('string')
  })
})
