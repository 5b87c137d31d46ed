import { simulationProfiles } from '@duo-models/emulator/simulation'
import { expect, test } from 'vitest'
import { plotDescription } from './plot-description.js'

test.each(simulationProfiles.map(({ name }) => name))('%s is described without a rate of requests', (name) => {
  expect(plotDescription(name)).toMatch(/^.+\.$/)
  expect(plotDescription(name)).not.toMatch(/ rate|a second|more than it can do|after 20 seconds/)
})

test('an unknown profile is an error', () => {
  expect(() => plotDescription('nobody')).toThrow(RangeError)
})
