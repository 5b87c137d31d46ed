/**
 * What the findings mean that no rule makes: those about the structure of a configuration, which stand before any rule.
 */
export const structureFindings: Readonly<Record<string, string>> = {
  'config-circular': 'A value holds itself, so the configuration has no end.',
  'config-invalid-value': 'A value has the right type and is none of those that are allowed.',
  'config-missing-key': 'A key that has to be there is missing.',
  'config-too-large': 'The configuration is far larger or deeper than any real one, so it was not read to its end.',
  'config-unknown-key': 'A key is not known. It is never ignored, because it may be a known one with a slip in it.',
  'config-unreadable': 'A part of the configuration is no plain data and cannot be read.',
  'config-wrong-type': 'A value has another type than it should, such as a number where text is expected.',
  'findings-left-out': 'There are more findings than one report holds. Put the first ones right and check again.',
}
