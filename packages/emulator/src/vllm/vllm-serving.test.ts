import { expect, test } from 'vitest'
import { vllmServing } from './vllm-serving.js'

const serving = (options: object, model = 'mistralai/Mistral-7B-Instruct-v0.3', version = '0.11.0') =>
  vllmServing({ platform: 'vllm', ...options }, model, version)

test('the machine and its options decide what the engine is like', () => {
  const options = {
    machine: 'a2-ultragpu-8g',
    maxNumSeqs: 7,
    maxNumBatchedTokens: 512,
    gpuMemoryUtilization: 0.5,
    schedulingPolicy: 'priority',
    enablePrefixCaching: false,
  }
  const given = serving(options)
  expect(given.settings).toMatchObject({
    maxNumSeqs: 7,
    maxNumBatchedTokens: 512,
    schedulingPolicy: 'priority',
    enablePrefixCaching: false,
    chunkedPrefill: true,
    readsPromptsAlone: false,
  })
  const whole = serving({ ...options, gpuMemoryUtilization: 0.95 })
  expect(whole.settings.blocks).toBeGreaterThan(given.settings.blocks)
  expect(given.stepTimes.decodeStepMs(1, 100)).toBeLessThan(serving({}).stepTimes.decodeStepMs(1, 100))
})

test('old versions read prompts alone and share no cache, new ones do neither', () => {
  expect(serving({}, undefined, '0.6.4.post1').settings).toMatchObject({
    readsPromptsAlone: true,
    enablePrefixCaching: false,
    maxNumBatchedTokens: 32_768,
  })
  expect(serving({}, undefined, 'v0.11.0rc1').settings).toMatchObject({
    readsPromptsAlone: false,
    enablePrefixCaching: true,
    maxNumBatchedTokens: 2048,
  })
})

test('without a machine, the smallest documented one that can serve the model', () => {
  const step = (options: object, model: string) => serving(options, model).stepTimes.decodeStepMs(1, 100)
  for (const [model, machine] of [
    ['codestral-22b-v0.1', 'a2-highgpu-2g'],
    ['mixtral-8x7b-it-v0.1', 'a2-highgpu-4g'],
    ['mixtral-8x22b-it-v0.1', 'a2-ultragpu-8g'],
  ] as const)
    expect(step({}, model)).toBe(step({ machine }, model))
})

test('a model that is not known takes any length that is asked for, at the documented pace', () => {
  const { settings, stepTimes, maxModelLength } = serving({ maxModelLength: 5_000_000 }, 'some/model')
  expect(maxModelLength).toBe(5_000_000)
  expect(settings.blocks * settings.blockSize).toBeGreaterThanOrEqual(5_000_000)
  expect(stepTimes.decodeStepMs(1, 100)).toBe(serving({}).stepTimes.decodeStepMs(1, 100))
  expect(serving({ maxModelLength: 100_000 }, 'some/model', '0.6.4').settings.maxNumBatchedTokens).toBeGreaterThan(0)
})

test('a model takes no more than it was made for, unless that is asked for', () => {
  expect(serving({}, 'meta-llama/Meta-Llama-3-8B-Instruct').maxModelLength).toBe(8192)
  expect(serving({}).maxModelLength).toBe(32_768)
})

test.each([
  [{ machine: 'a2-highgpu-1g' }, 'mixtral-8x7b-it-v0.1', /cannot be served on a2-highgpu-1g\. .*GiB/],
  [{ machine: 'a2-highgpu-2g' }, 'some/model', /model is "some\/model"/],
  [{ machine: 'a2-highgpu-3g' }, 'codestral-22b-v0.1', /machine is "a2-highgpu-3g"/],
  [{ maxNumSeqs: 0 }, 'codestral-22b-v0.1', /maxNumSeqs is 0/],
  [{ maxNumSeqs: 1.5 }, 'some/model', /maxNumSeqs is 1\.5/],
  [{ gpuMemoryUtilization: 2 }, 'codestral-22b-v0.1', /gpuMemoryUtilization is 2/],
  [{ maxNumBatchedTokens: Number.NaN }, 'codestral-22b-v0.1', /maxNumBatchedTokens/],
  [{ schedulingPolicy: 'lifo' }, 'codestral-22b-v0.1', /schedulingPolicy must be fcfs or priority/],
  [{ enablePrefixCaching: 'no' }, 'codestral-22b-v0.1', /enablePrefixCaching must be true or false/],
  [{ maxModelLength: 0 }, 'codestral-22b-v0.1', /maxModelLength must be a whole number/],
  [{ machine: 'a2-highgpu-2g', maxModelLength: 99_000 }, 'codestral-22b-v0.1', /max_model_len/],
])('%j with %s is refused and says why', (options, model, message) => {
  const error = (() => {
    try {
      return serving(options, model)
    } catch (thrown) {
      return thrown
    }
  })()
  expect(error).toMatchObject({
    name: 'EmulatorError',
    code: 'invalid-option',
    message: expect.stringMatching(message),
  })
})
