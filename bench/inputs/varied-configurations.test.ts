import { checkConfig } from '@duo-models/rules'
import { expect, it } from 'vitest'
import { similarConfigurations, variedConfigurations } from './varied-configurations.js'

const count = 1_000

it.each([
  ['like the typical one', similarConfigurations],
  ['of many shapes', variedConfigurations],
])('makes configurations %s: all different, all with three deployments, the same in every run', (_name, make) => {
  const configurations = make(count)
  expect(new Set(configurations.map((configuration) => JSON.stringify(configuration))).size).toBe(count)
  for (const configuration of configurations) {
    const { deployments, findings } = checkConfig(configuration)
    expect(Object.values(deployments)).toHaveLength(3)
    expect(findings.filter(({ rule }) => rule.startsWith('config-'))).toEqual([])
  }
  expect(make(count)).toEqual(configurations)
})

it('makes sound configurations like the typical one, and others of which some have a finding', () => {
  expect(similarConfigurations(count).every((configuration) => checkConfig(configuration).ok)).toBe(true)
  const found = variedConfigurations(count).filter((configuration) => checkConfig(configuration).findings.length > 0)
  expect(found.length).toBeGreaterThan(count / 10)
  expect(found.length).toBeLessThan(count / 2)
})
