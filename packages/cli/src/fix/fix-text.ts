import type { Finding } from '@duo-models/rules'
import type { CheckedText } from '../check/checked-file.js'
import { patchText } from './patch-text.js'

/** What `fixText` did. */
export interface FixedText {
  /** The text with every patch that could be applied. */
  readonly text: string
  /** The findings whose patches were applied, with the positions they had then. */
  readonly applied: readonly Finding[]
  /** The findings whose patches do not fit the text and that are still there. */
  readonly skipped: readonly Finding[]
  /** What is left to report. */
  readonly checked: CheckedText
}

/** Far beyond any real file. What is left then is still reported, and another run goes on. */
const maxRounds = 200

/**
 * Applies the patches of findings one by one and checks again after each, so that no patch meets a text it was not made
 * for. No patch is tried twice: two rules that undo each other end too.
 */
export function fixText(text: string, check: (text: string) => CheckedText): FixedText {
  const tried = new Set<string>()
  const applied: Finding[] = []
  const skipped = new Map<string, Finding>()
  let current = text
  let checked = check(current)
  while (tried.size < maxRounds) {
    const finding = checked.report.findings.find((candidate) => isFixable(candidate) && !tried.has(keyOf(candidate)))
    if (finding === undefined) break
    tried.add(keyOf(finding))
    const patched = patchText(current, finding.fix?.patch ?? [])
    if (patched === undefined) {
      skipped.set(keyOf(finding), finding)
      continue
    }
    current = patched
    applied.push(finding)
    checked = check(current)
  }
  const left = new Set(checked.report.findings.map(keyOf))
  return {
    text: current,
    applied,
    skipped: [...skipped].filter(([key]) => left.has(key)).map(([, finding]) => finding),
    checked,
  }
}

function isFixable({ fix }: Finding): boolean {
  return fix?.patch !== undefined && fix.patch.length > 0
}

function keyOf({ rule, path, fix }: Finding): string {
  return JSON.stringify([rule, path, fix?.patch])
}
