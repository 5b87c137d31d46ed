import { checkConfig } from '@duo-models/rules'
import { expect, it } from 'vitest'
import { leastCheck, leastLookUp, threeDeployments } from './typical-configuration.js'

it('is a configuration that can be read, with three deployments', () => {
  const { deployments, findings } = checkConfig(threeDeployments)
  expect(Object.keys(deployments)).toEqual(['code', 'chat', 'gpt'])
  expect(findings.filter(({ rule }) => rule.startsWith('unknown'))).toEqual([])
})

it('has baselines that give an answer', () => {
  expect(leastCheck(threeDeployments)).toEqual([])
  expect(leastCheck({ features: { 'duo-chat': 'nowhere' } })).toHaveLength(1)
  expect(leastLookUp({ model: 'codestral-22b-v0.1', feature: 'code-completion', platform: 'vllm' })).toBe('full')
})
