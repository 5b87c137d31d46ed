import { Writable } from 'node:stream'
import { expect, it } from 'vitest'
import { wantsColor } from './wants-color.js'

const stream = (isTTY: boolean) => Object.assign(new Writable(), { isTTY })

it.each([
  [false, {}, false],
  [true, {}, true],
  [true, { TERM: 'dumb' }, false],
  [true, { NO_COLOR: '' }, true],
  [true, { NO_COLOR: '0' }, false],
  [false, { FORCE_COLOR: '1' }, true],
  [false, { FORCE_COLOR: '' }, false],
  [true, { FORCE_COLOR: 'false' }, false],
  [true, { FORCE_COLOR: '1', NO_COLOR: '1' }, false],
])('terminal %s with %j: %s', (isTTY, env, expected) => {
  expect(wantsColor(stream(isTTY), env)).toBe(expected)
})
