import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { errorOf } from '../../test/rendering/error-of.js'
import {
  distributedPlan,
  exampleConfiguration,
  examplePlan,
  mixedConfiguration,
} from '../../test/rendering/example-plans.js'
import { shells, syntaxFaults, vllmCall } from '../../test/rendering/shell.js'
import { catalog } from '../catalog/catalog.js'
import { checkConfig } from '../check-config.js'
import { parseServeArguments } from '../serve-arguments.js'
import { serverFactsOf } from '../server-facts.js'
import { renderDeployment } from './render-deployment.js'

const render = (
  ...[input, options]: [Parameters<typeof renderDeployment>[0], Parameters<typeof renderDeployment>[2]?]
) => renderDeployment(input, 'vllm-serve', options)
const deployment = (extra: object = {}) =>
  ({ platform: 'vllm', model: 'codestral-22b-v0.1', endpoint: 'http://gpu-1:8000/v1', ...extra }) as const
const key = { VLLM_API_KEY: 'example' }

describe('a plan on one machine', () => {
  test('is one command with the documented recipe, and the key by reference', () => {
    expect(render(examplePlan({ replicas: 1 }))).toBe(
      [
        'VLLM_API_KEY="${VLLM_API_KEY:?Set VLLM_API_KEY to the key that clients present.}" \\',
        'vllm serve mistralai/Mistral-7B-Instruct-v0.3 \\',
        '  --served-model-name mistral-7b \\',
        '  --tokenizer-mode mistral \\',
        '  --load-format mistral \\',
        '  --config-format mistral \\',
        '  --tokenizer mistralai/Mistral-7B-Instruct-v0.3 \\',
        '  --tensor-parallel-size 2 \\',
        '  --max-model-len 32768 \\',
        '  --max-num-seqs 256 \\',
        '  --gpu-memory-utilization 0.9 \\',
        '  --dtype bfloat16 \\',
        '  --disable-log-requests',
        '',
      ].join('\n'),
    )
  })

  test('reads back as the same facts, and checkConfig has no objection to them', () => {
    const plan = examplePlan({ maxNumBatchedTokens: 8192, kvCacheDtype: 'fp8', quantization: 'fp8' })
    const text = render(plan, { deployment: 'code' }).replace(/^#.*\n/gm, '')
    const { fromArguments, problems } = serverFactsOf({ platform: 'vllm', server: { serveArgs: text } })
    expect(problems).toEqual([])
    expect(fromArguments).toEqual({
      tensorParallelSize: 2,
      maxModelLength: 32_768,
      maxNumSeqs: 256,
      maxNumBatchedTokens: 8192,
      gpuMemoryUtilization: 0.9,
      dtype: 'bfloat16',
      quantization: 'fp8',
      kvCacheDtype: 'fp8',
    })
    const { words } = vllmCall('bash', text, key)
    const configuration = structuredClone(exampleConfiguration) as unknown as {
      deployments: { code: { server: object } }
    }
    Object.assign(configuration.deployments.code.server, { serveArgs: words })
    const { findings, ok } = checkConfig(configuration)
    expect(ok).toBe(true)
    expect(findings.filter(({ rule }) => /serve|vllm/.test(rule))).toEqual([])
    expect(checkConfig(plan.configuration).ok).toBe(true)
  })
})

describe('the documented recipes', () => {
  test('Mixtral 8x7B is cloned and prepared in its folder before it is served', () => {
    const text = render(deployment({ model: 'mixtral-8x7b-it-v0.1' }))
    expect(text.split('\n').slice(1, 4)).toEqual([
      'git clone https://huggingface.co/mistralai/Mixtral-8x7B-Instruct-v0.1 Mixtral-8x7B-Instruct-v0.1',
      '(cd ./Mixtral-8x7B-Instruct-v0.1 && cp tokenizer.model tokenizer.model.v3)',
      '',
    ])
    expect(vllmCall('sh', text.slice(text.indexOf('vllm serve'))).words.slice(1)).toEqual([
      './Mixtral-8x7B-Instruct-v0.1',
      ...['--tensor-parallel-size', '4', '--served-model-name', 'mistralai/Mixtral-8x7B-Instruct-v0.1'],
      ...['--tokenizer-mode', 'mistral', '--load-format', 'safetensors', '--tokenizer', './Mixtral-8x7B-Instruct-v0.1'],
    ])
  })

  test('every option of every recipe is rendered, whatever model has one', () => {
    const recipes = catalog.servings.flatMap(({ model, recipe }) => (recipe === undefined ? [] : [{ model, recipe }]))
    expect(recipes.length).toBeGreaterThan(1)
    for (const { model, recipe } of recipes) {
      const text = render(deployment({ model, hardware: { gpu: 'a100-80gb', gpuCount: 4 } }))
      const { options } = parseServeArguments(text.slice(text.indexOf('vllm serve')))
      expect([...options.keys()].sort()).toEqual(recipe.options.map(({ name }) => name).sort())
      for (const { name, value } of recipe.options)
        if (!value.includes('<')) expect(options.get(name), name).toEqual([value])
    }
  })

  test('a folder that is there already is prepared and not cloned', () => {
    const text = render(deployment({ model: 'mixtral-8x7b-it-v0.1' }), { modelPath: "/srv/it's here" })
    expect(text).not.toContain('git clone')
    expect(text).toContain(`(cd '/srv/it'\\''s here' && cp tokenizer.model tokenizer.model.v3)`)
  })

  test('other weights than the documented ones get no recipe', () => {
    expect(render(examplePlan({ huggingFaceId: 'example/Mistral-7B-AWQ' }))).not.toContain('tokenizer-mode')
  })
})

describe('what nobody states', () => {
  test('the model is split over the GPUs that are there', () => {
    expect(render(deployment({ hardware: { gpu: 'a100-80gb', gpuCount: 2 } }))).toContain('--tensor-parallel-size 2')
    expect(render(deployment({ hardware: { gpu: 'a100-80gb', gpuCount: 3 } }))).toContain('--tensor-parallel-size 2')
    expect(render(deployment())).not.toContain('tensor-parallel-size')
  })

  test('a GPU without bfloat16 computes in float16, and the text says why', () => {
    const text = render(deployment({ hardware: { gpu: 't4', gpuCount: 1 } }))
    expect(text).toContain('--dtype float16')
    expect(text).toContain('# The NVIDIA T4 has no bfloat16, so the server computes in float16.')
    expect(render(deployment({ hardware: { gpu: 't4', gpuCount: 1 }, server: { dtype: 'float32' } }))).toContain(
      '--dtype float32',
    )
  })

  test('requests are not logged where vLLM would', () => {
    expect(render(deployment({ server: { version: '0.11.0' } }))).toContain('--disable-log-requests')
    expect(render(deployment({ server: { version: '0.12.0' } }))).not.toContain('log-requests')
  })

  test('the port is the one of an http endpoint', () => {
    expect(render(deployment({ endpoint: 'http://gpu-1:8001/v1' }))).toContain('--port 8001')
    for (const endpoint of ['https://gpu-1:8443/v1', 'http://gpu-1/v1', 'nonsense'])
      expect(render(deployment({ endpoint }))).not.toContain('--port')
    expect(render(deployment(), { port: 9000 })).toContain('--port 9000')
  })
})

describe('arguments that a configuration states', () => {
  test('are kept, and fields count over them', () => {
    const serveArgs = [
      'vllm',
      'serve',
      'mistralai/Codestral-22B-v0.1',
      '--enforce-eager',
      '--max_model_len=8k',
      '-tp',
      '2',
      '--port',
      '9001',
      '--served-model-name',
      'a',
      'b',
    ]
    const text = render(deployment({ server: { serveArgs, maxModelLength: 4096 } }))
    expect(vllmCall('bash', text).words.slice(1)).toEqual([
      'mistralai/Codestral-22B-v0.1',
      ...[
        '--enforce-eager',
        '--max-model-len',
        '4096',
        '--tensor-parallel-size',
        '2',
        '--served-model-name',
        'a',
        'b',
        '--port',
        '9001',
      ],
    ])
  })

  test('the key never is, wherever it stands', () => {
    const literal = render(
      deployment({ server: { serveArgs: 'mistralai/Codestral-22B-v0.1 --api-key hunter2 --hf-token hunter3' } }),
    )
    expect(literal).not.toMatch(/hunter|api-key|hf-token/)
    expect(literal).toContain('VLLM_API_KEY="${VLLM_API_KEY:?')
    expect(render(deployment({ server: { serveArgs: 'mistralai/Codestral-22B-v0.1 --api-key $MY_KEY' } }))).toContain(
      'VLLM_API_KEY="${MY_KEY:?',
    )
  })

  test('environment variables in front of them are mentioned and not repeated', () => {
    const text = render(
      deployment({ server: { serveArgs: 'HF_TOKEN=hunter2 vllm serve mistralai/Codestral-22B-v0.1' } }),
    )
    expect(text).not.toContain('hunter2')
    expect(text).toContain('# The environment variables in front of serveArgs are not repeated here')
  })

  test.each([
    ['a secret of another name', '--my-secret hunter2', /--my-secret/],
    ['a token that is known by its form', '--chat-template hf_abcdefghijklmnop', /chat-template/],
    ['what cannot be read', '--chat-template "open', /never closed/],
  ])('%s is refused without being shown', (_, serveArgs, reason) => {
    const error = errorOf(() =>
      render(deployment({ server: { serveArgs: `mistralai/Codestral-22B-v0.1 ${serveArgs}` } })),
    )
    expect(error.message).toMatch(reason)
    expect(error.message).not.toMatch(/hunter2|abcdef/)
    expect(error).toMatchObject({ code: 'invalid-input', format: 'vllm-serve', deployment: 'default' })
  })

  test('whatever they hold, a shell hands it to vllm byte by byte', () => {
    const value = fc.oneof(
      fc.string({ unit: 'grapheme', minLength: 1 }),
      fc.constantFrom('$(touch /tmp/never)', '`id`', "a'b", 'a"b', 'a\nb', '\\', '--x', '-1', '; rm', '${HOME}', 'a b'),
    )
    const usable = value.filter((text) => !text.includes('\0') && text.trim() === text && text !== '')
    fc.assert(
      fc.property(usable, usable, (template, name) => {
        const serveArgs = ['mistralai/Codestral-22B-v0.1', `--chat-template=${template}`]
        const text = render(deployment({ servedModelName: name, server: { serveArgs } }))
        for (const shell of shells) {
          const { words } = vllmCall(shell, text)
          const { options } = parseServeArguments(words)
          expect(options.get('chat-template')).toEqual([template])
          expect(options.get('served-model-name')).toEqual([name])
        }
      }),
    )
  })
})

describe('several deployments', () => {
  const second = deployment({ endpoint: ['http://gpu-2:8000/v1', 'http://gpu-3:8000/v1'] })
  const configuration = {
    deployments: { code: deployment(), 'chat\nrm -rf /': second, ...{ cloud: mixedConfiguration.deployments.chat } },
  }

  test('each has its section, and names stay in their comment', () => {
    const text = render(configuration)
    expect(text.match(/^vllm serve/gm)).toHaveLength(2)
    expect(text.split('\n').filter((line) => line.startsWith('# '))).toEqual([
      '# code: gpu-1:8000',
      '# chat\uFFFDrm -rf /: gpu-2:8000, gpu-3:8000',
      '# Start it 2 times, on 2 machines.',
    ])
    for (const shell of shells) expect(syntaxFaults(shell, text)).toBe('')
  })

  test('one can be picked, and a wrong name gets a suggestion', () => {
    expect(render(configuration, { deployment: 'code' })).not.toContain('#')
    expect(errorOf(() => render(configuration, { deployment: 'codee' }))).toMatchObject({
      code: 'unknown-deployment',
      message: 'There is no deployment "codee". Did you mean "code"?',
    })
  })

  test('different keys have variables of their own, and equal ones share', () => {
    const keyed = (apiKey: string) => deployment({ apiKey })
    const text = render({
      deployments: { one: keyed('a1'), 'two b': keyed('b2'), three: keyed('a1'), four: keyed('${FOUR}') },
    })
    const variables = [...text.matchAll(/VLLM_API_KEY="\$\{(\w+):/g)].map(([, name]) => name)
    expect(variables).toEqual(['VLLM_API_KEY', 'TWO_B_API_KEY', 'VLLM_API_KEY', 'FOUR'])
  })
})

describe('a missing key', () => {
  test.each(shells)('stops %s before anything is served', (shell) => {
    const text = render(examplePlan())
    expect(() => vllmCall(shell, text)).toThrow(/Set VLLM_API_KEY to the key that clients present/)
    expect(vllmCall(shell, text, key).key).toBe('example')
  })
})

describe('several machines', () => {
  const head = { ...key, VLLM_HEAD_ADDRESS: '10.0.0.1' }

  test('up to 0.18 Ray joins them, and only the first machine runs what is no comment', () => {
    const text = render(distributedPlan())
    for (const shell of shells) expect(syntaxFaults(shell, text)).toBe('')
    expect(text).toContain('# ray start --address="${VLLM_HEAD_ADDRESS:?')
    const stubs = 'ray() { :; }; python3() { :; }\n'
    const { words } = vllmCall('bash', stubs + text, head)
    expect(words.slice(-2)).toEqual(['--distributed-executor-backend', 'ray'])
    expect(() => vllmCall('bash', stubs + text, key)).toThrow(/Set VLLM_HEAD_ADDRESS/)
  })

  test('from 0.19 on vLLM joins them itself', () => {
    const text = render(distributedPlan({ vllmVersion: '0.20.0', nodesPerReplica: 4, pipelineParallelSize: 4 }))
    const { words } = vllmCall('sh', text, head)
    expect(words.slice(-6)).toEqual(['--nnodes', '4', '--node-rank', '0', '--master-addr', '10.0.0.1'])
    expect(text).not.toMatch(/\bray\b/)
    const worker = text
      .split('\n')
      .filter((line) => line.startsWith('# '))
      .map((line) => line.slice(2))
    const command = worker
      .slice(
        worker.findIndex((line) => line.startsWith('VLLM_API_KEY')),
        -1,
      )
      .join('\n')
    expect(vllmCall('sh', command, { ...head, NODE_RANK: '3' }).words.slice(-7)).toEqual([
      ...['--nnodes', '4', '--node-rank', '3', '--master-addr', '10.0.0.1', '--headless'],
    ])
  })

  test('Ray can be asked for, Kubernetes cannot', () => {
    expect(render(distributedPlan({ vllmVersion: '0.20.0' }), { distributed: 'ray' })).toContain('ray start --head')
    expect(errorOf(() => render(distributedPlan(), { distributed: 'kserve' })).code).toBe('invalid-option')
  })

  test('a configuration says how many by an option', () => {
    const config = deployment({ server: { tensorParallelSize: 8, pipelineParallelSize: 2 } })
    expect(render(config, { nodesPerReplica: 2 })).toContain('ray start')
    expect(errorOf(() => render(config, { nodesPerReplica: 3 })).message).toContain('16 GPUs')
  })
})

describe('what cannot be served', () => {
  test.each([
    ['a family alone', { model: undefined, modelFamily: 'mistral' }, /Nothing says what vllm serve is to load/],
    ['a name that is no repository', { model: 'my-model' }, /"my-model"/],
    ['a model like an option', { model: '-o/x' }, /begins with a dash/],
  ])('%s', (_, extra, reason) => {
    const error = errorOf(() => render(deployment(extra)))
    expect(error.code).toBe('invalid-input')
    expect(error.message).toMatch(reason)
  })

  test('a plan for an architecture alone, until a folder is stated', () => {
    const own = {
      model: 'config.json',
      huggingFaceId: undefined,
      configuration: deployment({ model: 'any-openai-compatible' }),
    }
    expect(errorOf(() => render(examplePlan(own))).message).toContain(
      '"config.json" is no model with a known Hugging Face id',
    )
    expect(render(examplePlan(own), { modelPath: '/models/mine' })).toContain('vllm serve /models/mine ')
  })

  test('a repository that the catalog does not know can', () => {
    expect(render(deployment({ model: 'example/My-Model' }))).toContain('vllm serve example/My-Model')
    expect(render(deployment({ model: 'my-model' }), { modelPath: '/models/mine' })).toContain(
      'vllm serve /models/mine',
    )
  })
})
