/** A small function per language, by the words that ask for it. */
const snippets: readonly { readonly asksFor: RegExp; readonly fence: string; readonly code: string }[] = [
  { asksFor: /\bpython\b/i, fence: 'python', code: 'def example(value):\n    return value' },
  {
    asksFor: /\btypescript\b/i,
    fence: 'typescript',
    code: 'function example(value: string): string {\n  return value\n}',
  },
  { asksFor: /\bjavascript\b|\bjs\b/i, fence: 'javascript', code: 'function example(value) {\n  return value\n}' },
  { asksFor: /\bruby\b/i, fence: 'ruby', code: 'def example(value)\n  value\nend' },
  { asksFor: /\bgolang\b|\bin go\b/i, fence: 'go', code: 'func example(value string) string {\n\treturn value\n}' },
  { asksFor: /\brust\b/i, fence: 'rust', code: 'fn example(value: &str) -> &str {\n    value\n}' },
  { asksFor: /\bjava\b/i, fence: 'java', code: 'static String example(String value) {\n    return value;\n}' },
]

/** A fenced snippet in the language that a message names, or `undefined` when it names none. */
export function codeSnippet(message: string): string | undefined {
  const snippet = snippets.find(({ asksFor }) => asksFor.test(message))
  return snippet && `\`\`\`${snippet.fence}\n${snippet.code}\n\`\`\``
}
