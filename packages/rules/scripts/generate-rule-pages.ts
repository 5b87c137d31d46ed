import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { builtInRules } from '../src/index.js'
import { ruleCases } from '../test/rule-cases.js'
import { ruleGuidesModule } from './rule-guides.js'
import { rulePage } from './rule-page.js'
import { ruleReasons } from './rule-reasons.js'

const folder = fileURLToPath(new URL('../../../docs/rules/', import.meta.url))

/** The page of every rule by its file name, and the list of all of them. */
export function rulePages(): ReadonlyMap<string, string> {
  const pages = builtInRules.map(
    (rule) =>
      [`${rule.id}.md`, rulePage({ rule, fails: ruleCases[rule.id]?.fails, why: ruleReasons[rule.id] })] as const,
  )
  return new Map([...pages, ['README.md', indexPage()]])
}

function indexPage(): string {
  const rows = [...builtInRules]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ id, severity, description }) => `| [${id}](${id}.md) | \`${severity}\` | ${description} |`)
  const head = [
    '# Rules',
    '',
    'Every rule that `checkConfig` runs. A rule may weigh one case more or less than its usual severity; its page says why.',
    'The structure of a configuration is checked before them, by the schema: `config-unknown-key`, `config-missing-key`,',
    '`config-wrong-type`, `config-invalid-value`.',
    '',
    '| Rule | Severity | What it guards against |',
    '|---|---|---|',
  ]
  return `${[...head, ...rows].join('\n')}\n`
}

const guidesFile = fileURLToPath(new URL('../../cli/src/explain/rule-guides.generated.ts', import.meta.url))

function main(): void {
  writeFileSync(guidesFile, ruleGuidesModule())
  mkdirSync(folder, { recursive: true })
  for (const [name, text] of rulePages())
    writeFileSync(new URL(name, new URL('../../../docs/rules/', import.meta.url)), text)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main()
