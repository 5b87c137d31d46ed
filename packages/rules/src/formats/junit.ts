import type { Finding } from '../finding.js'
import type { Report } from '../report.js'
import { findingPosition } from './finding-position.js'
import { plainText } from './plain-text.js'
import type { ReportEntry, ReportSource } from './report-entry.js'

/**
 * JUnit XML: one suite per report, one case per finding. Errors fail; warnings and infos pass and say so in their
 * output, as they do not make a report fail. A report without findings is one case that passes.
 */
export function formatJUnit(entries: readonly ReportEntry[]): string {
  const tests = sum(entries.map(({ report }) => testCount(report)))
  const failures = sum(entries.map(({ report }) => failureCount(report)))
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: 'duo-models', tests, failures, errors: 0 })}>`,
    ...entries.flatMap(suite),
    '</testsuites>',
  ]
  return `${lines.join('\n')}\n`
}

function suite({ report, source }: ReportEntry): string[] {
  const name = source?.name ?? 'configuration'
  const counts = { tests: testCount(report), failures: failureCount(report), errors: 0, skipped: 0 }
  const cases = report.findings.flatMap((finding) => testCase(finding, name, source))
  if (cases.length === 0)
    cases.push(`    <testcase${attributes({ classname: name, name: `verdict: ${report.verdict}` })}/>`)
  return [`  <testsuite${attributes({ name, ...counts })}>`, ...cases, '  </testsuite>']
}

function testCase(finding: Finding, suiteName: string, source: ReportSource | undefined): string[] {
  const { rule, path, severity } = finding
  const position = findingPosition(finding, source)
  const place = { ...(source === undefined ? {} : { file: source.name }), ...(position && { line: position.line }) }
  return [
    `    <testcase${attributes({ classname: suiteName, name: `${rule} ${path || '/'}`, ...place })}>`,
    severity === 'error' ? failure(finding, source) : output(finding, source),
    '    </testcase>',
  ]
}

function failure(finding: Finding, source: ReportSource | undefined): string {
  const shown = attributes({ type: finding.rule, message: finding.message })
  return `      <failure${shown}>${escapeXml(details(finding, source))}</failure>`
}

function output(finding: Finding, source: ReportSource | undefined): string {
  return `      <system-out>${escapeXml(`${finding.severity}: ${details(finding, source)}`)}</system-out>`
}

function details(finding: Finding, source: ReportSource | undefined): string {
  const { message, fix, sources } = finding
  const position = findingPosition(finding, source)
  const place = position === undefined ? undefined : `${source?.name ?? 'line'}:${position.line}:${position.column}`
  const lines = [message, fix && `Fix: ${fix.description}`, place && `At: ${place}`]
  return [...lines.filter((line) => line !== undefined), ...sources.map(({ title }) => `Source: ${title}`)].join('\n')
}

function testCount({ findings }: Report): number {
  return Math.max(1, findings.length)
}

function failureCount({ findings }: Report): number {
  return findings.filter(({ severity }) => severity === 'error').length
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(
      ([name, value]) =>
        ` ${name}="${escapeXml(String(value)).replace(/[\t\n]/g, (char) => `&#${char.charCodeAt(0)};`)}"`,
    )
    .join('')
}

// A parser would read a bare carriage return as a line feed.
function escapeXml(text: string): string {
  return plainText(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '&#13;')
}
