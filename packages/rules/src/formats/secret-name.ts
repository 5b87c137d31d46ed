import { editDistance } from '../nearest.js'
import { isSecretPath } from '../show-value.js'

const commonNames = ['apikey', 'password', 'secret', 'token']
const harmlessNames = ['maxnumbatchedtokens']

/** Whether the value of a key or option has to stay hidden. A slip in a secret's name does not uncover it. */
export function isSecretName(name: string): boolean {
  const simple = name.toLowerCase().replace(/[_.-]/g, '')
  if (harmlessNames.includes(simple)) return false
  // An escape in a key, as JSON allows it, may spell anything.
  return (
    name.includes('\\') ||
    isSecretPath([name]) ||
    (simple.length >= 4 && commonNames.some((word) => near(word, simple)))
  )
}

function near(word: string, name: string): boolean {
  const slips = Math.floor(word.length / 3)
  return Math.abs(word.length - name.length) <= slips && editDistance(word, name) <= slips
}
