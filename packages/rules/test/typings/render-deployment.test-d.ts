import { expectTypeOf, test } from 'vitest'
import { type DuoModelsConfiguration, type RenderFormat, renderDeployment } from '../../src/index.js'

const configuration: DuoModelsConfiguration = {
  deployments: { code: { platform: 'vllm', model: 'codestral-22b-v0.1', endpoint: 'http://gpu-1:8000/v1' } },
}

test('renderDeployment takes known formats and options, and gives text', () => {
  expectTypeOf(renderDeployment(configuration, 'kubernetes')).toEqualTypeOf<string>()
  expectTypeOf<'gitlab-form'>().toExtend<RenderFormat>()
  renderDeployment(configuration, 'docker-compose', { port: undefined, modelCache: { sizeGiB: 10 } })
  // @ts-expect-error no such format
  renderDeployment(configuration, 'helm')
  // @ts-expect-error no such option
  renderDeployment(configuration, 'kubernetes', { namespce: 'models' })
  // @ts-expect-error no such kind of cache
  renderDeployment(configuration, 'kubernetes', { modelCache: { bucket: 'a' } })
})
