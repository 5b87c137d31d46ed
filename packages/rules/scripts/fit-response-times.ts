// Fits the constants of the speed profile a100-v0 to the documented response times, with and without parts of them;
// prints what belongs into data/speed-profiles.yaml, and writes docs/response-times.md.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type ResponseTimeReport, reportResponseTimes } from './response-time-report.js'
import { responseTimesPage } from './response-times-page.js'

const page = new URL('../../../docs/response-times.md', import.meta.url)

// What belongs into the data file; the rows are on the page.
function summaryOf({ rows: _, ...summary }: ResponseTimeReport): string {
  return `${JSON.stringify(summary, undefined, 2)}\n`
}

function main(): void {
  const report = reportResponseTimes()
  writeFileSync(page, responseTimesPage(report))
  process.stdout.write(summaryOf(report))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main()
