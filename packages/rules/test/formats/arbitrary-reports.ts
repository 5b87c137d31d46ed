import fc from 'fast-check'
import { builtInRules, type Finding, type Report, type ReportEntry, verdictPrecedence } from '../../src/index.js'

const nasty = fc.constantFrom(
  ']]>',
  '<a b="c">&amp;',
  '\u001b[31m',
  '\u0000',
  '\r\n',
  '\n',
  '::error::',
  '%0A',
  '\ud800',
  '\uffff',
  ',',
  ':',
)

/** Any text, with what formats trip over more often than chance would give it. */
const text: fc.Arbitrary<string> = fc
  .array(fc.oneof(nasty, fc.string({ unit: 'binary', maxLength: 20 })), { maxLength: 6 })
  .map((parts) => parts.join(''))

const position = fc.record({ line: fc.integer({ min: -1, max: 20 }), column: fc.integer({ min: -1, max: 200 }) })
const source = fc.record(
  { source: text, title: text, url: text, heading: text, release: text },
  { requiredKeys: ['source', 'title'] },
)

const finding: fc.Arbitrary<Finding> = fc.record(
  {
    rule: fc.oneof(fc.constantFrom(...builtInRules.map(({ id }) => id), 'config-unknown-key', '__proto__'), text),
    severity: fc.constantFrom('error', 'warning', 'info'),
    path: text.map((segment) => `/${segment}`),
    message: text,
    fix: fc.record({ description: text }),
    sources: fc.array(source, { maxLength: 2 }),
    position,
  },
  { requiredKeys: ['rule', 'severity', 'path', 'message', 'sources'] },
)

/** Any report. */
export const report: fc.Arbitrary<Report> = fc
  .record({ findings: fc.array(finding, { maxLength: 5 }), verdict: fc.constantFrom(...verdictPrecedence), name: text })
  .map(({ findings, verdict, name }) => ({
    ok: !findings.some(({ severity }) => severity === 'error'),
    verdict,
    findings,
    deployments: { [`d${name}`]: { verdict, features: {}, findings: [] } },
  }))

/** Any reports, of files that are known or not. */
export const entries: fc.Arbitrary<ReportEntry[]> = fc.array(
  fc.record(
    { report, source: fc.record({ name: text, text }, { requiredKeys: ['name'] }) },
    { requiredKeys: ['report'] },
  ),
  { maxLength: 3 },
)
