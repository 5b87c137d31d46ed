import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ruleGuidesModule } from './rule-guides.js'

test('the guides of the command line are what the rules and their cases say (generate-rule-pages.ts writes them)', () => {
  const file = new URL('../../cli/src/explain/rule-guides.generated.ts', import.meta.url)
  expect(readFileSync(file, 'utf8')).toBe(ruleGuidesModule())
})
