import { describe, expect, it } from 'vitest'
import { run, temporaryFolder } from '../../test/run.js'

const onTwo = ['size', '--model', 'codestral-22b-v0.1', '--gpu', 'a100-80gb', '--tensor-parallel-size', '2']

const llamaConfig = {
  model_type: 'llama',
  architectures: ['LlamaForCausalLM'],
  hidden_size: 4096,
  num_hidden_layers: 32,
  num_attention_heads: 32,
  num_key_value_heads: 8,
  intermediate_size: 14336,
  vocab_size: 128256,
  max_position_embeddings: 131072,
  torch_dtype: 'bfloat16',
  tie_word_embeddings: false,
}

/** Lines of vllm issue reports, cut to what is needed. */
const startupLog = [
  'INFO 04-10 12:00:00 [api_server.py:1034] vLLM API server version 0.8.5',
  "INFO 04-10 12:00:01 [config.py:600] non-default args: {'model': 'meta-llama/Llama-3.1-8B-Instruct', 'max_model_len': 131072}",
  'INFO 04-10 12:01:00 [gpu_model_runner.py:1347] Model loading took 14.9889 GiB and 10.1 seconds',
  'INFO 04-10 12:02:00 [kv_cache_utils.py:634] GPU KV cache size: 420,904 tokens',
  'INFO 04-10 12:02:00 [kv_cache_utils.py:637] Maximum concurrency for 131,072 tokens per request: 3.21x',
].join('\n')

describe('duo-models size', () => {
  it('says whether vLLM starts, how the memory is split, and how much fits', async () => {
    const { code, stdout, stderr } = await run(onTwo)
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toContain('codestral-22b-v0.1 on 2 × NVIDIA A100 80 GB SXM, tensor parallel size 2')
    expect(stdout).toContain('vLLM starts')
    expect(stdout).toMatch(/█ weights +20\.\d\d GiB +26 %/)
    expect(stdout).toMatch(/░ KV cache +\d\d\.\d\d GiB/)
    expect(stdout).toMatch(/tokens +\d{3},\d{3} \(\d\d,\d{3} blocks of 16\)/)
    expect(stdout).toContain('2 × NVIDIA A100 80 GB SXM, 110 GB of VRAM')
  })

  it('ends with 1, the reason and the nearest valid value where vLLM refuses', async () => {
    const { code, stdout } = await run([...onTwo.slice(0, -1), '3'])
    expect(code).toBe(1)
    expect(stdout).toContain('vLLM does not start')
    expect(stdout).toContain('8 KV heads can be neither split nor repeated over 3 GPUs')
    expect(stdout).toContain('Use --tensor-parallel-size 2, the nearest valid size.')
  })

  it('prints JSON that holds the whole estimate', async () => {
    const { stdout } = await run([...onTwo, '--json', '--concurrency', '10'])
    const answer = JSON.parse(stdout)
    expect(answer).toMatchObject({
      name: 'codestral-22b-v0.1',
      estimate: { fits: true, kvCacheBytesPerToken: 114_688, settings: { tensorParallelSize: 2 } },
      performance: { workload: { concurrency: 10 } },
    })
  })

  it('sizes any config.json', async () => {
    await using folder = await temporaryFolder({ 'config.json': JSON.stringify(llamaConfig) })
    const { code, stdout } = await run(['size', '--config', folder.file('config.json'), '--gpu', 'l40s'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/weights +14\.99 GiB/)
    expect(stdout).toMatch(/largest context +131,072 tokens/)
  })

  it('sets a start-up log beside the estimate', async () => {
    const { code, stdout } = await run(['size', '--gpu', 'h100-80gb', '--log', '-'], { stdin: startupLog })
    expect(code).toBe(0)
    expect(stdout).toMatch(/weightsGiB +14\.9\d+ +14\.9889 +[+-]0\.\d %/)
    expect(stdout).toContain('kvCacheTokens')
  })

  it('draws the bar in whole parts without colours, and no wider than the terminal', async () => {
    const { stdout } = await run(onTwo, { isTTY: true, columns: 40, env: { NO_COLOR: '1' } })
    const bar = stdout.split('\n').find((line) => /^ {2}█+/.test(line))
    expect(bar).toHaveLength(40)
  })

  it.each([
    ['nothing', ['size'], 'Missing: --model (or --config) and --gpu (or --gpu-total-gib).'],
    ['no GPU', ['size', '--model', 'codestral-22b-v0.1'], 'Missing: --gpu (or --gpu-total-gib).'],
    ['an unknown GPU', ['size', '-m', 'llama-3.1-8b', '-g', 'h100-81gb'], 'Nearest valid value: h100-80gb.'],
    ['a negative number', [...onTwo.slice(0, -1), '-2'], '--tensor-parallel-size is -2'],
    ['no number', [...onTwo.slice(0, -1), 'two'], 'It is no number'],
    ['two models', [...onTwo, '--config', 'config.json'], '--model and --config name two models.'],
    ['a log that is none', ['size', '-g', 't4', '--log', '-'], 'No line of a vLLM start-up log'],
  ])('names what is wrong with %s', async (_, argv, message) => {
    const { code, stdout, stderr } = await run(argv, { stdin: 'hello' })
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain(message)
    expect(stderr).not.toContain('    at ')
  })

  it('recognises a config.json that is a web page', async () => {
    const { code, stderr } = await run(['size', '--config', '-', '-g', 't4'], { stdin: '<!doctype html><html></html>' })
    expect(code).toBe(2)
    expect(stderr).toContain('web page')
  })
})
