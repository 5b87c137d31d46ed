import type { Colors } from '../terminal.js'
import { wrapText } from '../text/wrap-text.js'

/** A titled list of names and texts. */
export interface Section {
  readonly title: string
  readonly rows: readonly (readonly [name: string, text: string])[]
}

/** Sections for people: names in one column, texts broken to the width that is left. */
export function formatSections(
  sections: readonly Section[],
  { colors, columns }: { readonly colors: Colors; readonly columns: number },
): string {
  const width = Math.max(0, ...sections.flatMap(({ rows }) => rows.map(([name]) => name.length)))
  return sections
    .map(({ title, rows }) => {
      const lines = rows.flatMap(([name, text]) => {
        // Lines of an example keep their indentation.
        const indent = ' '.repeat(text.length - text.trimStart().length)
        const [first = '', ...rest] = wrapText(text.trimStart(), columns, ' '.repeat(width + 4) + indent)
        return [`  ${colors.dim(name.padEnd(width))}  ${indent}${first.trimStart()}`, ...rest]
      })
      return `${[colors.bold(title), ...lines].join('\n')}\n`
    })
    .join('\n')
}
