import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { errorOf } from '../../test/rendering/error-of.js'
import { distributedPlan, examplePlan, mixedConfiguration } from '../../test/rendering/example-plans.js'
import { hostileName, hostileText } from '../../test/rendering/hostile-text.js'
import { vllmCall } from '../../test/rendering/shell.js'
import { composeFaults, documentsOf } from '../../test/rendering/validators.js'
import { renderDeployment } from './render-deployment.js'
import { RenderError } from './render-error.js'

type Arguments = Parameters<typeof renderDeployment>
const render = (input: Arguments[0], options?: Arguments[2]) => renderDeployment(input, 'docker-compose', options)
const deployment = (extra: object = {}) =>
  ({ platform: 'vllm', model: 'codestral-22b-v0.1', endpoint: 'http://gpu-1:8000/v1', ...extra }) as const

function composeOf(text: string) {
  const [document, ...others] = documentsOf(text)
  expect(others).toEqual([])
  expect(composeFaults(document)).toEqual([])
  return document
}

test('the schema refuses what is no Compose file', () => {
  const document = composeOf(render(examplePlan()))
  expect(composeFaults({ ...document, services: { a: { imge: 'x' } } })).not.toEqual([])
})

test('a plan is one service with its GPUs, its health and its key by reference', () => {
  const { services, volumes } = composeOf(render(examplePlan()))
  expect(Object.keys(services)).toEqual(['code'])
  expect(services.code).toMatchObject({
    image: 'vllm/vllm-openai:v0.8.5',
    entrypoint: ['vllm', 'serve'],
    ports: ['8000:8000'],
    shm_size: '4gb',
    deploy: { resources: { reservations: { devices: [{ driver: 'nvidia', device_ids: ['0', '1'] }] } } },
    healthcheck: { start_period: '600s' },
    environment: { VLLM_API_KEY: '${VLLM_API_KEY:?Set VLLM_API_KEY to the key that clients present.}' },
  })
  expect(volumes).toEqual({ 'model-cache': {} })
})

test('the server gets the arguments that a shell would give it', () => {
  const { services } = composeOf(render(examplePlan()))
  const { words } = vllmCall('sh', renderDeployment(examplePlan(), 'vllm-serve'), { VLLM_API_KEY: 'example' })
  expect(['serve', ...services.code.command]).toEqual([...words, '--port', '8000'])
})

test('a recipe with preparation gets a service that runs before', () => {
  const { services } = composeOf(render(deployment({ model: 'mixtral-8x7b-it-v0.1' })))
  const { 'mixtral-8x7b-it-v0-1-prepare': prepare, 'mixtral-8x7b-it-v0-1': server } = services
  expect(server.depends_on).toEqual({ 'mixtral-8x7b-it-v0-1-prepare': { condition: 'service_completed_successfully' } })
  expect(prepare.entrypoint[2]).toContain('cd "$$2"\ncp tokenizer.model tokenizer.model.v3')
  expect(prepare.command).toEqual(['mistralai/Mixtral-8x7B-Instruct-v0.1', server.command[0]])
  expect(prepare.environment).not.toHaveProperty('VLLM_API_KEY')
})

describe('several servers', () => {
  const on = (host: string, port: number, gpus: number) =>
    deployment({ endpoint: `http://${host}:${port}/v1`, hardware: { gpu: 'a100-80gb', gpuCount: gpus } })
  const devices = (service: ReturnType<typeof composeOf>) => service.deploy.resources.reservations.devices[0].device_ids

  test('on one machine share out its GPUs and ports', () => {
    const { services } = composeOf(
      render({ deployments: { a: on('gpu-1', 8000, 2), b: on('gpu-1', 8001, 1), c: on('gpu-2', 8000, 4) } }),
    )
    expect([services.a, services.b, services.c].map(devices)).toEqual([['0', '1'], ['2'], ['0', '1', '2', '3']])
    expect(services.b.ports).toEqual(['8001:8000'])
  })

  test('cannot share a port of one machine', () => {
    const error = errorOf(() => render({ deployments: { a: on('gpu-1', 8000, 1), b: on('gpu-1', 8000, 1) } }))
    expect(error).toMatchObject({ code: 'unsupported', deployment: 'b' })
    expect(error.message).toContain('both want port 8000')
  })

  test('that would have one name are refused', () => {
    const error = errorOf(() => render({ deployments: { 'a b': on('gpu-1', 8000, 1), 'a-b': on('gpu-2', 8000, 1) } }))
    expect(error.message).toContain('"a b" and "a-b" would both be named a-b')
  })

  test('say where each of them is started', () => {
    const text = render({ deployments: { a: on('gpu-1', 8000, 1), b: on('gpu-2', 8000, 1) } })
    expect(text).toContain('# On gpu-2: docker compose up --detach b\n')
  })
})

test('an AMD machine gets its devices and its image', () => {
  const amd = deployment({ hardware: { gpu: 'mi300x', gpuCount: 2 }, server: { version: '0.19.0' } })
  const { services } = composeOf(render(amd))
  const [service] = Object.values<typeof services>(services)
  expect(service).toMatchObject({
    image: 'vllm/vllm-openai-rocm:v0.19.0',
    devices: ['/dev/kfd', '/dev/dri'],
    environment: { HIP_VISIBLE_DEVICES: '0,1' },
  })
  expect(
    errorOf(() => render(deployment({ hardware: { gpu: 'mi300x' }, server: { version: '0.8.5' } }))).message,
  ).toContain('option image')
})

test('weights come from a folder of the machine when one is stated', () => {
  const cached = composeOf(render(deployment(), { modelCache: { hostPath: '/srv/cache' } }))
  expect(Object.values<typeof cached>(cached.services)[0].volumes).toEqual([
    { type: 'bind', source: '/srv/cache', target: '/model-cache', read_only: false },
  ])
  expect(cached).not.toHaveProperty('volumes')
  const there = composeOf(render(deployment(), { modelPath: '/srv/$models' }))
  const [service] = Object.values<typeof there>(there.services)
  expect(service.volumes).toEqual([{ type: 'bind', source: '/srv/$$models', target: '/srv/$$models', read_only: true }])
  expect(service.command[0]).toBe('/srv/$$models')
})

test('what one machine cannot run, or Docker does not have, is refused', () => {
  expect(errorOf(() => render(distributedPlan())).message).toContain('spans 2 machines')
  expect(errorOf(() => render(deployment(), { modelCache: { claimName: 'models' } })).code).toBe('invalid-option')
  expect(errorOf(() => render(deployment(), { modelPath: 'models/here' })).message).toContain('absolute')
})

test('no text leaves its place', () => {
  fc.assert(
    fc.property(hostileName, hostileText, (name, served) => {
      let text = ''
      try {
        text = render({ deployments: { [name]: deployment({ servedModelName: served }) } })
      } catch (error) {
        if (RenderError.is(error) && served.includes('\0')) return
        throw error
      }
      const { services, ...rest } = composeOf(text)
      expect(Object.keys(rest)).toEqual(['volumes'])
      const [service, ...others] = Object.values<typeof services>(services)
      expect(others).toEqual([])
      const words = service.command.map((word: string) => word.replaceAll('$$', '$'))
      expect(words).toContain(served.trim().startsWith('-') ? `--served-model-name=${served.trim()}` : served.trim())
      expect(service.command.join('')).not.toMatch(/(?<!\$)\$(?!\$)(?:\$\$)*(?!\$)/)
    }),
  )
})

test('the file of a mixed configuration holds the vLLM deployment and no key', () => {
  const text = render(mixedConfiguration)
  expect(Object.keys(composeOf(text).services)).toEqual(['code'])
  expect(text).not.toContain('not-to-be-seen')
})
