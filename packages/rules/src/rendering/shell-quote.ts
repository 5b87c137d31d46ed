/** Characters that mean themselves to every POSIX shell, wherever they stand in an argument. */
const harmless = /^[A-Za-z0-9_@%+:,./-][A-Za-z0-9_@%+:,./=-]*$/

/** A text as one word of a POSIX shell. The text holds no NUL character: no argument can. */
export function shellQuote(text: string): string {
  return harmless.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}

/** Shell text as comment lines: taking the `# ` off gives the text again. */
export function shellComment(text: string): string {
  return text
    .split('\n')
    .map((line) => (line === '' ? '#' : `# ${line}`))
    .join('\n')
}
