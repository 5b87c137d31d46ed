import type { FactReference, Finding } from '../finding.js'
import type { Report } from '../report.js'
import type { Severity } from '../vocabulary.js'
import { codeFrame } from './code-frame.js'
import { displayWidth, padDisplay } from './display-width.js'
import { findingPosition } from './finding-position.js'
import { type MaskedLines, maskLines } from './masked-lines.js'
import { plainLine } from './plain-text.js'
import type { ReportEntry, ReportSource } from './report-entry.js'
import type { ReportStyle } from './report-style.js'

interface Layout {
  readonly width: number
  readonly color: boolean
  readonly source: ReportSource | undefined
  readonly lines: MaskedLines | undefined
}

/** Reports as people read them: one block per finding, then the verdict of every deployment and of the whole. */
export function formatPretty(entries: readonly ReportEntry[], { color }: ReportStyle): string {
  return entries.map((entry) => formatEntry(entry, color)).join('\n')
}

function formatEntry({ report, source }: ReportEntry, color: boolean): string {
  const width = report.findings.reduce((widest, { severity }) => Math.max(widest, severity.length), 0)
  const text = source?.text
  const layout = { width, color, source, lines: text === undefined ? undefined : maskLines(text) }
  const blocks = report.findings.map((finding) => `${describe(finding, layout).join('\n')}\n`)
  const gap = layout.lines === undefined ? '' : '\n'
  const summary = [...deploymentLines(report), summaryLine(report, layout)].join('\n')
  return `${blocks.join(gap)}${blocks.length > 0 ? '\n' : ''}${summary}\n`
}

function describe(finding: Finding, layout: Layout): string[] {
  const { severity, rule, message, fix, sources } = finding
  const indent = ' '.repeat(layout.width + 2)
  const head = `${paint(severity.padEnd(layout.width), codes[severity], layout)}  ${placeOf(finding, layout)}  ${plainLine(rule)}`
  const details = [message, ...(fix === undefined ? [] : [`Fix: ${fix.description}`]), ...sources.map(sourceText)]
  return [head, ...frameOf(finding, layout), ...details.flatMap((detail) => indented(detail, indent))]
}

function placeOf(finding: Finding, { source }: Layout): string {
  const path = plainLine(finding.path || '/')
  const position = findingPosition(finding, source)
  const place = position === undefined ? '' : `${position.line}:${position.column}`
  if (source === undefined) return place === '' ? path : `${path} (${place})`
  const name = plainLine(source.name)
  return `${place === '' ? name : `${name}:${place}`}  ${path}`
}

function frameOf(finding: Finding, layout: Layout): string[] {
  const position = findingPosition(finding, layout.source)
  if (layout.lines === undefined || position === undefined) return []
  const indent = ' '.repeat(layout.width + 2)
  return codeFrame(layout.lines, position).map((line) => {
    const pointing = /^> /.test(line) || /^ +\| +\^+$/.test(line)
    return indent + paint(line, pointing ? bold : dim, layout)
  })
}

// A message of several lines keeps them, so that each line is shown in full and none looks like another finding.
function indented(text: string, indent: string): string[] {
  return text.split(/\r\n|\n|\r/).map((line) => `${indent}${plainLine(line)}`.trimEnd())
}

function sourceText({ title, heading }: FactReference): string {
  return `Source: ${title}${heading === undefined ? '' : `, "${heading}"`}`
}

function deploymentLines({ deployments }: Report): string[] {
  const rows = Object.entries(deployments).map(([name, { verdict }]) => [plainLine(name), verdict] as const)
  const width = rows.reduce((widest, [name]) => Math.max(widest, displayWidth(name)), 0)
  return rows.map(([name, verdict]) => `${padDisplay(name, width)}  ${verdict}`)
}

function summaryLine(report: Report, layout: Layout): string {
  const word = paint(report.ok ? 'ok' : 'not ok', report.ok ? green : codes.error, layout)
  const name = layout.source === undefined ? '' : `${plainLine(layout.source.name)}: `
  const counts = (['error', 'warning', 'info'] as const).map((severity) => countOf(report, severity))
  return `${name}${word}: ${report.verdict}, ${counts.join(', ')}`
}

function countOf({ findings }: Report, severity: Severity): string {
  const count = findings.filter((finding) => finding.severity === severity).length
  return `${count} ${severity}${count === 1 ? '' : 's'}`
}

const codes: Readonly<Record<Severity, number>> = { error: 31, warning: 33, info: 36 }
const green = 32
const bold = 1
const dim = 2

function paint(text: string, code: number, { color }: Pick<Layout, 'color'>): string {
  return color ? `\u001b[${code}m${text}\u001b[0m` : text
}
