import type { BenchmarkTable } from '../benchmark.js'

/** A table as aligned text; the first column to the left, all others to the right. */
export function formatTable({ title, columns, rows }: BenchmarkTable): string {
  const header = ['', 'target', ...columns]
  const lines = [header, ...rows.map(({ name, target, cells }) => [name, target ?? '', ...cells])]
  const widths = header.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)))
  const text = lines.map((line) =>
    widths.map((width, column) => align(line[column] ?? '', width, column === 0)).join('  '),
  )
  return [title, ...text.map((line) => line.trimEnd())].join('\n')
}

function align(text: string, width: number, toTheLeft: boolean): string {
  return toTheLeft ? text.padEnd(width) : text.padStart(width)
}
