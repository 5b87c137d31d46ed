import type { Random } from '../random.js'
import { codeSnippet } from './code-snippet.js'

const openings = [
  'This is the duo-models emulator: no model stands behind this answer.',
  'You are talking to the duo-models emulator, which follows fixed rules and has no model behind it.',
  'No model wrote this; it comes from the duo-models emulator.',
] as const

const middles = [
  (topic: string) => `Your question is about ${topic}. A real deployment would explain it here in a few sentences.`,
  (topic: string) => `You asked about ${topic}. A real model would now answer in its own words.`,
  (topic: string) => `As far as fixed rules can tell, ${topic} is what you want to know about.`,
] as const

const closings = [
  'The text depends only on the seed and on your messages, so the same request gives the same answer.',
  'Tokens arrive at the pace of the documented hardware, and the usage below counts them.',
  'Point the client at a real server to get a real answer.',
] as const

const commonWords = new Set(
  'about after also and are but can could does each for from give have help how into its just like make me more not please should show some tell than that the them then there these this use was what when where which who why will with would write you your explain'.split(
    ' ',
  ),
)

/**
 * The words a message seems to be about: the longest uncommon words of its last paragraph, in their order. Clients put
 * instructions in front of the question where a model takes no system message.
 */
function topicOf(message: string): string {
  const question =
    message
      .trimEnd()
      .split(/\n\s*\n/)
      .at(-1) ?? ''
  const words = question.slice(0, 2_000).match(/[\p{L}\p{N}_-]{3,40}/gu) ?? []
  const candidates = [...new Set(words)].filter((word) => !commonWords.has(word.toLowerCase()))
  const longest = candidates.toSorted((a, b) => b.length - a.length).slice(0, 3)
  const topic = candidates.filter((word) => longest.includes(word))
  return topic.length === 0 ? 'something short' : topic.join(' ')
}

/** A few sentences about the last thing the user said, with a snippet of code where code was asked for. */
export function chatAnswer(message: string, random: Random): string {
  const sentences = [random.pick(openings), random.pick(middles)(topicOf(message)), random.pick(closings)]
  const snippet = codeSnippet(message)
  return snippet === undefined ? sentences.join(' ') : `${sentences.join(' ')}\n\n${snippet}`
}
