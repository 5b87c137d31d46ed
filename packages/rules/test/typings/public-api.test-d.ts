import { expectTypeOf, test } from 'vitest'
import {
  catalog,
  compatibility,
  createRulesEngine,
  type DuoModelsConfiguration,
  defineModel,
  defineRule,
  type FeatureVerdict,
  findModel,
  type ModelId,
  resolveConfiguration,
  selectModels,
} from '../../src/index.js'

test('compatibility takes known ids only', () => {
  expectTypeOf(compatibility({ model: 'gpt-4o', feature: 'duo-chat' })).toEqualTypeOf<FeatureVerdict>()
  compatibility({ model: 'gpt-4o', feature: 'duo_chat_explain_code', platform: undefined, release: undefined })
  // @ts-expect-error no such model
  compatibility({ model: 'gpt-4oo', feature: 'duo-chat' })
  // @ts-expect-error no such feature
  compatibility({ model: 'gpt-4o', feature: 'chat' })
  // @ts-expect-error the platform's own spelling is no id
  compatibility({ model: 'gpt-4o', feature: 'duo-chat', platform: 'AWS Bedrock' })
})

test('findModel is one of two', () => {
  const result = findModel('gpt-4o')
  if (result.model === undefined) expectTypeOf(result.suggestions).toEqualTypeOf<readonly ModelId[]>()
  else expectTypeOf(result.model.id).toEqualTypeOf<ModelId>()
})

test('the catalog is read-only and keyed by id', () => {
  expectTypeOf(catalog.models['gpt-4o'].id).toEqualTypeOf<ModelId>()
  // @ts-expect-error read-only
  catalog.models['gpt-4o'].name = 'x'
  // @ts-expect-error no such GPU
  catalog.gpus['a100-81gb']
})

test('levels of the two scales are words of atLeast', () => {
  selectModels({ atLeast: 'full' })
  selectModels({ atLeast: 'yes' })
  // @ts-expect-error unlisted is no level to reach
  selectModels({ atLeast: 'unlisted' })
})

test('a configuration completes models and takes other names too', () => {
  const config: DuoModelsConfiguration = {
    deployments: { one: { platform: 'vllm', model: 'mistralai/Codestral-22B-v0.1', endpoint: 'http://gpu-1:8000/v1' } },
    features: { 'code-completion': 'one', 'duo-chat': ['one'] },
  }
  expectTypeOf(resolveConfiguration(config).configuration?.deployments['one']?.endpoints).toEqualTypeOf<
    readonly string[] | undefined
  >()
  // @ts-expect-error Bedrock has no servedModelName
  const wrong: DuoModelsConfiguration = { platform: 'bedrock', region: 'x', modelId: 'y', servedModelName: 'z' }
  expectTypeOf(wrong).not.toBeNever()
})

test('the scope of a rule gives its context a type', () => {
  defineRule({
    id: 'x',
    severity: 'info',
    scope: 'feature',
    description: 'x',
    sources: [],
    check: (context) => {
      expectTypeOf(context.level).toBeString()
      return undefined
    },
  })
})

test('the ids of an engine are literals', () => {
  const own = defineModel({ id: 'own-7b', familyKey: 'general', platforms: ['triton'], levels: {} })
  const engine = createRulesEngine({
    models: [own],
    platforms: [{ id: 'triton' }],
    gpus: [{ id: 'own-gpu', memoryGB: 10 }],
  })
  engine.compatibility({ model: 'own-7b', feature: 'duo-chat', platform: 'triton' })
  engine.compatibility({ model: 'gpt-4o', feature: 'duo-chat', platform: 'vllm' })
  expectTypeOf(engine.catalog.gpus['own-gpu'].memoryGB).toBeNumber()
  expectTypeOf(engine.catalog.gpus['a100-80gb'].bandwidthGBs).toBeNumber()
  expectTypeOf(engine.catalog.models['own-7b'].name).toBeString()
  // @ts-expect-error no such model
  engine.compatibility({ model: 'own-8b', feature: 'duo-chat' })
  // @ts-expect-error no such platform
  engine.selectModels({ platform: 'tritonn' })
  // @ts-expect-error the engine without it does not know it
  createRulesEngine().compatibility({ model: 'own-7b', feature: 'duo-chat' })
})
