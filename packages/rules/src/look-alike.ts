const lookAlikes: Readonly<Record<string, string>> = {
  ...{ а: 'a', в: 'b', с: 'c', ԁ: 'd', е: 'e', ё: 'e', һ: 'h', і: 'i', ј: 'j', к: 'k', ӏ: 'l', м: 'm', н: 'h', о: 'o' },
  ...{ р: 'p', ѕ: 's', т: 't', у: 'y', х: 'x', ԛ: 'q', ԝ: 'w', г: 'r', α: 'a', β: 'b', ε: 'e', ι: 'i', κ: 'k', ν: 'v' },
  ...{
    ο: 'o',
    ρ: 'p',
    τ: 't',
    υ: 'u',
    χ: 'x',
    ı: 'i',
    ⅼ: 'l',
    '‐': '-',
    '‑': '-',
    '‒': '-',
    '–': '-',
    '—': '-',
    '−': '-',
  },
  ...{ '․': '.', '‚': ',', '∕': '/', '⁄': '/', '։': ':', '\u02d0': ':', '\u2236': ':' },
}
const invisible = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]/g

/** The plain ASCII text that a name looks like; `undefined` when it is ASCII already or looks like nothing else. */
export function asciiLookAlike(name: string): string | undefined {
  if (isAscii(name)) return undefined
  const folded = [...name.normalize('NFKC').replace(invisible, '')]
    .map((character) => lookAlikes[character] ?? lowerLookAlike(character) ?? character)
    .join('')
    .replace(/\s+/g, ' ')
    .trim()
  return folded !== '' && isAscii(folded) ? folded : undefined
}

/** The first character that is not ASCII, as a code point such as "U+043E". */
export function firstOddCharacter(name: string): string {
  const odd = [...name].find((character) => !isAscii(character)) ?? ''
  return `U+${(odd.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
}

function lowerLookAlike(character: string): string | undefined {
  const plain = lookAlikes[character.toLowerCase()]
  return plain === undefined ? undefined : plain.toUpperCase()
}

/** Whether a text holds ASCII characters only. */
export function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) > 0x7f) return false
  return true
}
