import type { OutputCleaner } from './output-cleaner.js'
import { createStopCleaner, overlapLength } from './stop-cleaner.js'

/** What the cleaner of an answer in words has to know. */
export interface InstructCleanerOptions {
  /** The text before the cursor: an answer that begins with its end repeats it. */
  readonly prefix: string
  /** The text after the cursor: an answer that ends with its beginning repeats it. */
  readonly suffix: string
  /** The marks that were asked for around the answer. */
  readonly marks?: readonly [open: string, close: string] | undefined
}

/** How much of the text around the cursor is looked at for echoes, in characters. */
const echoWindow = 2_000

/** Shorter overlaps are as likely to be code as echo: a bracket, an indentation. */
const shortestEcho = 3

/**
 * Takes the code out of an answer in words: drops a sentence before the code block, the fence, the marks, a repetition
 * of what is before the cursor and of what is after it.
 */
export function createInstructCleaner({ prefix, suffix, marks }: InstructCleanerOptions): OutputCleaner {
  const steps: OutputCleaner[] = []
  if (marks) steps.push(createStopCleaner([marks[1]]))
  steps.push(createFenceCleaner(marks?.[0], !`${prefix}${suffix}`.includes('```')))
  steps.push(createPrefixEchoCleaner(prefix.slice(-echoWindow)), createSuffixEchoCleaner(suffix.slice(0, echoWindow)))
  return chain(steps)
}

function chain(steps: readonly OutputCleaner[]): OutputCleaner {
  return {
    push: (text) => steps.reduce((piece, step) => step.push(piece), text),
    flush: () => steps.reduce((piece, step) => step.push(piece) + step.flush(), ''),
  }
}

/** Drops what comes before the code (a sentence, the opening mark, the fence) and everything from the closing fence on. */
function createFenceCleaner(openMark: string | undefined, bareFenceEnds: boolean): OutputCleaner {
  let head: string | undefined = ''
  let body: OutputCleaner | undefined
  const settle = (isOver: boolean): string => {
    const decision = readHead(head ?? '', openMark, isOver)
    if (decision === undefined) return ''
    head = undefined
    body = createFenceEndCleaner(decision.fence ?? (bareFenceEnds ? '```' : undefined), decision.fence !== undefined)
    return body.push(decision.rest)
  }
  return {
    push(text) {
      if (body) return body.push(text)
      head += text
      return settle(false)
    },
    flush: () => (body ? '' : settle(true)) + (body?.flush() ?? ''),
  }
}

interface HeadDecision {
  readonly rest: string
  /** The fence that was opened; only the same one closes it. */
  readonly fence?: string | undefined
}

const fenceLine = /^\s*(`{3,}|~{3,})[^\n`~]*\n/
const maybeFenceLine = /^\s*(`{0,2}|~{0,2}|`{3,}[^\n`]*|~{3,}[^\n~]*)$/
const proseLine = /^\s*[A-Z][a-z']*[ ,!][^\n]*:[ \t]*\n/
const maybeProseLine = /^\s*([A-Z][a-z']*([ ,!][^\n]*)?)?$/

/** Decides where the code begins; `undefined` while more text may change the answer. */
function readHead(text: string, openMark: string | undefined, isOver: boolean): HeadDecision | undefined {
  const marked = dropOpenMark(text, openMark)
  if (marked === undefined) return isOver ? { rest: text } : undefined
  const fence = fenceLine.exec(marked)
  if (fence) return { rest: marked.slice(fence[0].length), fence: fence[1] }
  if (!isOver && (maybeFenceLine.test(marked) || maybeProseLine.test(marked))) return undefined
  const prose = proseLine.exec(marked)
  return prose ? readAfterProse(marked, marked.slice(prose[0].length), openMark, isOver) : { rest: marked }
}

/** A sentence is only dropped when a fence or the opening mark follows it: it may be code after all. */
function readAfterProse(
  whole: string,
  after: string,
  openMark: string | undefined,
  isOver: boolean,
): HeadDecision | undefined {
  const marked = dropOpenMark(after, openMark)
  if (marked === undefined) return isOver ? { rest: whole } : undefined
  const fence = fenceLine.exec(marked)
  if (fence) return { rest: marked.slice(fence[0].length), fence: fence[1] }
  if (!isOver && maybeFenceLine.test(marked)) return undefined
  return { rest: marked === after ? whole : marked }
}

/** The text after the opening mark; the text itself where there is none; `undefined` while it may be the mark's beginning. */
function dropOpenMark(text: string, openMark: string | undefined): string | undefined {
  if (openMark === undefined) return text
  const start = text.trimStart()
  if (start.startsWith(openMark)) return start.slice(openMark.length)
  return openMark.startsWith(start) ? undefined : text
}

/** Ends the output at the line that closes the fence, without the line break before it. */
function createFenceEndCleaner(fence: string | undefined, isFenced: boolean): OutputCleaner {
  if (fence === undefined) return createStopCleaner([])
  const atLineStart = createStopCleaner([`\n${fence}`])
  // A line break in front lets a fence on the very first line be found like any other.
  let pending = '\n'
  let isFirst = true
  const dropFirst = (text: string): string => {
    if (!isFirst || text === '') return text
    isFirst = false
    return text.slice(1)
  }
  const push = (text: string): string => {
    const given = pending + text
    pending = ''
    return dropFirst(atLineStart.push(given))
  }
  return isFenced
    ? { push, flush: () => dropFirst(push('') + atLineStart.flush()).replace(/\n$/, '') }
    : { push, flush: () => dropFirst(push('') + atLineStart.flush()) }
}

/** Drops the end of `prefix` where the answer begins with it. */
function createPrefixEchoCleaner(prefix: string): OutputCleaner {
  const echoes = prefixEchoes(prefix)
  let head: string | undefined = ''
  const settle = (isOver: boolean): string => {
    const text = head ?? ''
    if (!isOver && echoes.some((echo) => echo.length > text.length && echo.startsWith(text))) return ''
    head = undefined
    const echo = echoes.find((candidate) => text.startsWith(candidate))
    return echo === undefined ? text : text.slice(echo.length)
  }
  return {
    push(text) {
      if (head === undefined) return text
      head += text
      return settle(false)
    },
    flush: () => (head === undefined ? '' : settle(true)),
  }
}

/** What an echo may begin with: any line of the prefix, with or without its indentation, up to the cursor; longest first. */
function prefixEchoes(prefix: string): string[] {
  const echoes = new Set<string>()
  for (let start = 0; start !== -1; start = nextLineStart(prefix, start)) {
    const echo = prefix.slice(start)
    for (const form of [echo, echo.trimStart()]) if (visibleLength(form) >= shortestEcho) echoes.add(form)
  }
  return [...echoes].sort((a, b) => b.length - a.length)
}

function nextLineStart(text: string, from: number): number {
  const lineEnd = text.indexOf('\n', from)
  return lineEnd === -1 ? -1 : lineEnd + 1
}

/** Drops the beginning of `suffix` where the answer ends with it. */
function createSuffixEchoCleaner(suffix: string): OutputCleaner {
  const forms = [suffix, suffix.trimStart()].filter((form) => form !== '')
  // An answer that repeats all of a long window goes on repeating: nothing new follows.
  const stop = createStopCleaner(suffix.length >= echoWindow ? forms : [])
  let held = ''
  return {
    push(text) {
      const seen = held + stop.push(text)
      const keep = Math.max(0, ...forms.map((form) => overlapLength(seen, form)))
      held = keep === 0 ? '' : seen.slice(-keep)
      return keep === 0 ? seen : seen.slice(0, -keep)
    },
    flush() {
      const rest = held + stop.flush()
      held = ''
      const echo = Math.max(0, ...forms.map((form) => overlapLength(rest, form)))
      const isEcho = echo > 0 && visibleLength(rest.slice(-echo)) >= shortestEcho
      return isEcho ? rest.slice(0, -echo) : rest
    },
  }
}

function visibleLength(text: string): number {
  return text.replace(/\s/g, '').length
}
