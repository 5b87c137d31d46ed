import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { estimateMemory, fittingChanges, largestContext, smallestGpuCount } from '../../src/index.js'
import { startUpLogs } from './start-up-logs.js'

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')

test('the memory example does what its comments say', () => {
  const codestral = { model: 'codestral-22b-v0.1', gpu: 'a100-40gb', tensorParallelSize: 2, maxModelLength: 32_768 }
  const { fits, perGpu, kvCacheTokens, maxConcurrency } = estimateMemory({ ...codestral, vllmVersion: '0.8.4' })
  expect(readme).toContain(
    `// fits ${fits}; perGpu.weightsGiB ${perGpu.weightsGiB.toFixed(2)}, kvCacheGiB ${perGpu.kvCacheGiB.toFixed(2)}; ` +
      `kvCacheTokens ${kvCacheTokens}; maxConcurrency ${maxConcurrency.toFixed(2)}`,
  )
  const [refused] = estimateMemory({ model: 'codestral-22b-v0.1', gpu: 'a100-80gb', tensorParallelSize: 3 }).findings
  expect(readme).toContain(`// '${refused?.fix?.description}'`)
  expect(readme).toContain(`maxModelLength // ${largestContext({ model: 'llama-3.1-8b', gpu: 'a10g' }).maxModelLength}`)
  const load = { model: 'llama-3.1-70b', gpu: 'a100-80gb', maxModelLength: 16_384, concurrency: 8 }
  expect(readme).toContain(`gpuCount // ${smallestGpuCount(load).gpuCount}`)
  expect(readme).toContain(`flags // '${fittingChanges({ model: 'llama-3.1-8b', gpu: 'a10g' })[0]?.flags}'`)
})

test('the number of logs is right', () => {
  expect(readme).toContain(`Against ${startUpLogs.length} public logs`)
})
