import { asciiLookAlike, firstOddCharacter, isAscii } from '../look-alike.js'
import { defineRule } from '../rule.js'
import { showValue } from '../show-value.js'
import { problemsAmong } from './problems-among.js'

/** A name holds characters that look like others, so it is not the name it seems to be. */
export const modelNameLookAlike = defineRule({
  id: 'model-name-look-alike',
  severity: 'warning',
  scope: 'deployment',
  description: 'A name holds characters that look like others, so it is not the name it seems to be.',
  sources: [],
  check: ({ settings: { model = '', servedModelName = '', identifier = '' } }) => {
    if (isAscii(model) && isAscii(servedModelName) && isAscii(identifier)) return undefined
    return problemsAmong(Object.entries({ model, servedModelName, identifier }), ([key, written]) => {
      const plain = asciiLookAlike(written)
      if (plain === undefined) return undefined
      return {
        message: `${key} ${showValue(written)} looks like ${showValue(plain)} and holds ${firstOddCharacter(written)}; it is taken as it is written.`,
        path: `/${key}`,
        fix: { description: 'Type the name again on a keyboard, or copy it from its source.' },
      }
    })
  },
})
