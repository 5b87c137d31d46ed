import type { Finding } from '../finding.js'
import type { Report } from '../report.js'
import type { Severity } from '../vocabulary.js'

/** A report as people read it: one block per finding, then the verdict of every deployment. */
export function formatPretty(report: Report, color: boolean): string {
  const width = Math.max(0, ...report.findings.map(({ severity }) => severity.length))
  const lines = report.findings.flatMap((finding) => describe(finding, width, color))
  const names = Object.keys(report.deployments)
  const nameWidth = Math.max(0, ...names.map((name) => name.length))
  if (lines.length > 0) lines.push('')
  for (const [name, { verdict }] of Object.entries(report.deployments))
    lines.push(`${plain(name).padEnd(nameWidth)}  ${verdict}`)
  lines.push(`${report.ok ? 'ok' : 'not ok'}: ${report.verdict}, ${counts(report)}`)
  return `${lines.join('\n')}\n`
}

function describe({ severity, path, rule, message, fix, sources, position }: Finding, width: number, color: boolean) {
  const indent = ' '.repeat(width + 2)
  const place = position === undefined ? path || '/' : `${path || '/'} (${position.line}:${position.column})`
  const lines = [`${paint(severity.padEnd(width), severity, color)}  ${plain(place)}  ${rule}`, indent + plain(message)]
  if (fix !== undefined) lines.push(`${indent}Fix: ${plain(fix.description)}`)
  for (const { title, heading } of sources.slice(0, 2))
    lines.push(`${indent}Source: ${title}${heading === undefined ? '' : `, "${heading}"`}`)
  return lines
}

const codes: Readonly<Record<Severity, number>> = { error: 31, warning: 33, info: 36 }

function paint(text: string, severity: Severity, color: boolean): string {
  return color ? `\u001b[${codes[severity]}m${text}\u001b[0m` : text
}

function counts({ findings }: Report): string {
  const count = (severity: Severity) => findings.filter((finding) => finding.severity === severity).length
  return `${count('error')} errors, ${count('warning')} warnings, ${count('info')} infos`
}

// Names come from the input: a terminal must not act on what they hold.
function plain(text: string): string {
  return text.replace(/\p{Cc}/gu, '\uFFFD')
}
