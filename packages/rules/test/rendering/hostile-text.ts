import fc from 'fast-check'

/** Text that tries to leave its place in a shell line, a YAML document, an environment file or a form. */
export const hostileText = fc
  .oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
    fc.constantFrom(
      ...[
        'x\n---\nkind: Secret',
        'x\nPRIVILEGED=1',
        'x\r\ny: 1',
        '"; touch /tmp/x; "',
        "' || id || '",
        '$(id)',
        '`id`',
      ],
      ...[
        `\${HOME}`,
        '$$(A)',
        '$(LWS_LEADER_ADDRESS)',
        '# comment',
        'a: b',
        '- a',
        '--privileged',
        '{{ .Values.x }}',
        '%s',
      ],
      ...[
        '\u2028x',
        '\u0085x',
        '\ufeffx',
        '\u0000x',
        '日本語',
        '😀',
        '__proto__',
        'constructor',
        '*a',
        '&a',
        '!!binary x',
      ],
    ),
  )
  .filter((text) => text.trim() !== '')

/** The same as the name of a deployment; a configuration takes no key `__proto__`. */
export const hostileName = hostileText.filter((text) => text !== '__proto__')
