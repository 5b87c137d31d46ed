/** What the findings mean that come before any rule: those about a configuration's structure. */
export const structureRules: Readonly<Record<string, string>> = {
  'config-circular': 'A value holds itself, so the configuration has no end.',
  'config-invalid-value': 'A value has the right type and is none of those that are allowed.',
  'config-missing-key': 'A key that has to be there is missing.',
  'config-too-large': 'The configuration is far larger or deeper than any real one and was not read to its end.',
  'config-unknown-key': 'A key is not known.',
  'config-unreadable': 'A part of the configuration is no plain data and cannot be read.',
  'config-wrong-type': 'A value has another type than it should.',
  'findings-left-out': 'There are more findings than one report holds.',
}
