import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as shapes from '../../test/sizing/architectures.js'
import { startUpTexts } from '../../test/sizing/start-up-texts.js'
import { estimateMemory } from './estimate-memory.js'
import { readVllmStartupLog } from './read-vllm-startup-log.js'
import { StartupLogError } from './startup-log-error.js'
import { figurePatterns } from './startup-log-lines.js'

describe('what a log says', () => {
  test('V0 of 0.7, and why it stopped', () => {
    const { settings, measured, failure } = readVllmStartupLog(startUpTexts.v0Stops)
    expect(settings).toEqual({
      model: 'meta-llama/Llama-3.1-8B-Instruct',
      dtype: 'bfloat16',
      kvCacheDtype: 'auto',
      tensorParallelSize: 1,
      pipelineParallelSize: 1,
      maxModelLength: 131_072,
      gpuMemoryUtilization: 0.9,
      enforceEager: false,
      enableChunkedPrefill: true,
      enablePrefixCaching: false,
      vllmVersion: '0.7.2',
      engine: 'v0',
    })
    expect(measured).toEqual({
      gpuTotalGiB: 22.07,
      requestedGiB: 19.86,
      weightsGiB: 14.9888,
      activationGiB: 0.22,
      nonTorchGiB: 0.05,
      kvCacheGiB: 4.6,
      kvCacheBlocks: 2356,
      concurrencyTokens: 131_072,
      maxConcurrency: 0.29,
    })
    expect(failure).toMatch(/^The model's max seq len \(131072\) is larger than .* \(37696\)/)
  })

  test('V0 of 0.6.4, whose figures are sums', () => {
    const { settings, measured } = readVllmStartupLog(startUpTexts.v0Sums)
    expect(settings).toMatchObject({
      vllmVersion: '0.6.4.post1',
      model: 'facebook/opt-1.3b',
      maxNumSeqs: 256,
      maxModelLength: 2048,
      gpuMemoryUtilization: 0.9,
    })
    expect(measured).toMatchObject({
      gpuTotalGiB: 139.8,
      weightsGiB: 2.0512,
      nonTorchGiB: 0.73,
      kvCacheGiB: 122.71,
      kvCacheBlocks: 365_549,
    })
    expect(measured.activationGiB).toBeCloseTo(2.38 - 2.0512, 9)
  })

  test('several workers: the fullest counts', () => {
    const { settings, measured } = readVllmStartupLog(startUpTexts.v1Workers)
    expect(settings).toMatchObject({
      model: 'Qwen/Qwen3-235B-A22B-Instruct-2507-FP8',
      quantization: 'fp8',
      tensorParallelSize: 8,
      enableExpertParallel: true,
      maxNumSeqs: 256,
      engine: 'v1',
      vllmVersion: '0.10.2',
    })
    expect(measured).toMatchObject({
      gpuTotalGiB: 44.42,
      requestedGiB: 39.98,
      weightsGiB: 27.72,
      activationGiB: 1.4,
      nonTorchGiB: 0.21,
      capturedGraphsGiB: 3.45,
      kvCacheGiB: 10.65,
      kvCacheTokens: 238_208,
      maxConcurrency: 7.27,
      concurrencyTokens: 32_768,
    })
  })

  test('V1 of 0.19 with debug lines', () => {
    const { settings, measured } = readVllmStartupLog(startUpTexts.v1Debug)
    expect(settings).toMatchObject({
      vllmVersion: '0.19.0',
      maxNumSeqs: 1024,
      maxNumBatchedTokens: 8192,
      gpuMemoryUtilization: 0.95,
    })
    expect(measured).toMatchObject({
      requestedGiB: 75.23,
      weightsGiB: 14.99,
      activationGiB: 1.89,
      nonTorchGiB: 0.25,
      kvCacheGiB: 58.11,
      kvCacheTokens: 476_000,
      maxConcurrency: 58.11,
    })
  })

  test('newer versions: cache and concurrency in one line, graphs among the activations', () => {
    const { measured } = readVllmStartupLog(startUpTexts.v1Newest)
    expect(measured).toMatchObject({
      gpuTotalGiB: 44.39,
      cudaGraphsGiB: 0.53,
      kvCacheTokens: 175_632,
      maxConcurrency: 5.36,
    })
    expect(measured.nonTorchGiB).toBeCloseTo(0.25, 9)
    expect(measured.activationGiB).toBeCloseTo(0.67, 9)
  })

  test('line ends, colours and a cut do not matter', () => {
    const text = startUpTexts.v1Debug
    expect(readVllmStartupLog(text.replaceAll('\n', '\r\n')).measured).toEqual(readVllmStartupLog(text).measured)
    const coloured = text.replace(/^/gm, '\u001b[36m2026-04-22T00:17:00.123Z stdout F \u001b[0m')
    expect(readVllmStartupLog(coloured).measured).toEqual(readVllmStartupLog(text).measured)
    const cut = text.slice(0, text.indexOf('Available KV cache memory'))
    expect(readVllmStartupLog(cut).measured).toEqual({
      requestedGiB: 75.23,
      weightsGiB: 14.99,
      activationGiB: 1.89,
      nonTorchGiB: 0.25,
    })
  })

  test('of several starts the last counts', () => {
    const { settings, measured } = readVllmStartupLog(startUpTexts.v0Stops + startUpTexts.v1Debug)
    expect(settings).toMatchObject({ vllmVersion: '0.19.0', maxModelLength: 8192 })
    expect(measured.kvCacheGiB).toBe(58.11)
    expect(measured.kvCacheBlocks).toBeUndefined()
  })

  test('a key that the server was started with is nowhere', () => {
    for (const text of [startUpTexts.v0Sums, startUpTexts.v1Workers]) {
      const log = readVllmStartupLog(text, { gpu: 'h200-141gb' })
      expect(inspect(log, { depth: 9 }) + JSON.stringify(log)).not.toContain('made-up')
    }
  })
})

describe('beside the estimate', () => {
  test('figures within the tolerances, in percent', () => {
    const { comparison, estimate } = readVllmStartupLog(startUpTexts.v1Debug, { gpu: 'h100-80gb', gpuTotalGiB: 79.19 })
    expect(estimate?.settings).toMatchObject({ gpu: 'h100-80gb', maxNumSeqs: 1024, vllmVersion: '0.19.0' })
    expect(Object.keys(comparison ?? {}).sort()).toEqual([
      'activationGiB',
      'kvCacheGiB',
      'kvCacheTokens',
      'maxConcurrency',
      'nonTorchGiB',
      'weightsGiB',
    ])
    for (const { estimated, logged, errorPercent } of Object.values(comparison ?? {})) {
      expect(errorPercent).toBeCloseTo((estimated / logged - 1) * 100, 9)
      expect(Math.abs(errorPercent ?? 0)).toBeLessThan(1)
    }
  })

  test.each([
    ['v0Stops', { gpu: 'a10g' }],
    ['v1Debug', { gpu: 'h100-80gb', gpuTotalGiB: 79.19 }],
    ['v1Newest', { gpu: 'l40s', architecture: shapes.qwen3_8b }],
    ['v1Workers', { gpu: 'l40s', architecture: shapes.qwen3_235bFp8 }],
  ] as const)('calibrated, the estimate says what the log says: %s', (name, known) => {
    const { calibration, estimate, measured } = readVllmStartupLog(startUpTexts[name], known)
    expect(calibration).toBeDefined()
    const { gpu, ...settings } = { ...estimate?.settings, ...known }
    const question = { model: 'llama-3.1-8b', ...settings, gpu, calibration } as Parameters<typeof estimateMemory>[0]
    const again = estimateMemory(question)
    expect(again.basis).toBe('calibrated')
    expect(again.perGpu.weightsGiB).toBeCloseTo(measured.weightsGiB ?? 0, 6)
    if (measured.kvCacheTokens !== undefined) expect(again.kvCacheTokens).toBe(measured.kvCacheTokens)
    if (measured.kvCacheBlocks !== undefined) expect(again.kvCacheBlocks).toBe(measured.kvCacheBlocks)
  })

  test('a calibration moves with what is asked', () => {
    const { calibration } = readVllmStartupLog(startUpTexts.v1Debug, { gpu: 'h100-80gb', gpuTotalGiB: 79.19 })
    const at = (maxNumSeqs: number) =>
      estimateMemory({ model: 'llama-3.1-8b', gpu: 'h100-80gb', vllmVersion: '0.19.0', maxNumSeqs, calibration })
    expect(at(256).perGpu.activationGiB).toBeLessThan(at(1024).perGpu.activationGiB)
    expect(at(256).perGpu.weightsGiB).toBe(at(1024).perGpu.weightsGiB)
    expect(at(256).perGpu.totalGiB).toBe(79.18)
  })

  test.each([
    ['neither the GPU', startUpTexts.v1Debug.replace(/Requested memory.*/, ''), {}],
    ['"facebook/opt-1.3b"', startUpTexts.v0Sums, { gpu: 'h200-141gb' }],
    ['names no model', 'Model loading took 14.99 GiB memory and 14.4 seconds', { gpu: 'h200-141gb' }],
    ['gpu is "h1000"', startUpTexts.v1Debug, { gpu: 'h1000' }],
  ])('what is missing is named: %s', (part, text, known) => {
    const log = readVllmStartupLog(text, known)
    expect(log.notCompared).toContain(part)
    expect(log).not.toHaveProperty('comparison')
    expect(log.measured.weightsGiB).toBeGreaterThan(0)
  })
})

describe('text that is no log', () => {
  test.each([
    [''],
    ['hello'],
    ['<!DOCTYPE html><html>502 Bad Gateway</html>'],
    ['Model loading took a while\nAvailable KV cache memory: none'],
  ])('%j', (text) => {
    expect(() => readVllmStartupLog(text)).toThrow(StartupLogError)
    expect(() => readVllmStartupLog(text)).toThrow(/Model loading took/)
  })

  test('the error lists every line that is looked for, and other values are named', () => {
    const thrown = [undefined, null, 12, {}].map((value) => {
      try {
        return readVllmStartupLog(value as unknown as string)
      } catch (error) {
        return error
      }
    })
    for (const error of thrown) {
      expect(StartupLogError.is(error)).toBe(true)
      expect((error as StartupLogError).linesLookedFor).toEqual(
        expect.arrayContaining(figurePatterns.map(({ marker }) => marker)),
      )
    }
  })

  test('whatever the text, a result or that error', () => {
    const markers = fc.constantFrom(
      ...figurePatterns.map(({ marker }) => marker),
      'LLM engine (v',
      'with config:',
      'non-default args:',
      '\n',
      "model='x', ",
    )
    const piece = fc.oneof(
      markers,
      fc.string(),
      fc.double().map(String),
      fc.constantFrom(' GiB', '1.5 GiB', '12,345', '__proto__=1, '),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        try {
          const { measured } = readVllmStartupLog(pieces.join(''), { gpu: 'a100-80gb', model: 'llama-3.1-8b' })
          for (const figure of Object.values(measured)) expect(Number.isFinite(figure)).toBe(true)
        } catch (error) {
          expect(StartupLogError.is(error)).toBe(true)
        }
      }),
    )
  })

  test('megabytes around the lines, and lines without an end', () => {
    const noise = `${'(EngineCore pid=1) INFO Model loading took \n'.repeat(40_000)}${'x'.repeat(1_000_000)}\n`
    const { measured } = readVllmStartupLog(noise + startUpTexts.v1Debug + noise)
    expect(measured.kvCacheGiB).toBe(58.11)
  })
})
