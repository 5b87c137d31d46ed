import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { errorOf } from '../../../test/rendering/error-of.js'
import { distributedPlan, examplePlan, mixedConfiguration } from '../../../test/rendering/example-plans.js'
import { expandVariables } from '../../../test/rendering/expand-variables.js'
import { hostileName, hostileText } from '../../../test/rendering/hostile-text.js'
import { syntaxFaults } from '../../../test/rendering/shell.js'
import { type Document, documentsOf, manifestFaults } from '../../../test/rendering/validators.js'
import { renderDeployment } from '../render-deployment.js'
import { RenderError } from '../render-error.js'
import { isKubernetesName } from './kubernetes-name.js'

type Arguments = Parameters<typeof renderDeployment>
const render = (input: Arguments[0], options?: Arguments[2]) => renderDeployment(input, 'kubernetes', options)
const deployment = (extra: object = {}) =>
  ({ platform: 'vllm', model: 'codestral-22b-v0.1', endpoint: 'http://gpu-1:8000/v1', ...extra }) as const

/** The documents of a manifest, each of which its schema accepts. */
function manifestsOf(text: string): Readonly<Record<string, Document>> {
  const documents = documentsOf(text)
  for (const document of documents) expect(manifestFaults(document), document.kind).toEqual([])
  return Object.fromEntries(documents.map((document) => [document.kind, document]))
}

const podOf = (document: Document) => document.spec.template.spec
const containerOf = (document: Document) => podOf(document).containers[0]

test('the schemas refuse misspelled fields, wrong types and missing ones', () => {
  const { Deployment, Service } = manifestsOf(render(examplePlan()))
  const broken = structuredClone(Deployment)
  containerOf(broken).startupProb = {}
  expect(manifestFaults(broken)).not.toEqual([])
  expect(manifestFaults({ ...Deployment, spec: { ...Deployment.spec, replicas: '2' } })).not.toEqual([])
  expect(manifestFaults({ ...Service, spec: { ...Service.spec, ports: [{ name: 'http' }] } })).not.toEqual([])
  expect(manifestFaults({ ...Service, kind: 'Servce' })).not.toEqual([])
})

describe('a plan with copies on one machine each', () => {
  const manifests = manifestsOf(render(examplePlan(), { namespace: 'models' }))

  test('is a Deployment, a Service and a disruption budget that select the same pods', () => {
    const { Deployment, Service, PodDisruptionBudget, ...others } = manifests
    expect(others).toEqual({})
    const { labels } = Deployment.spec.template.metadata
    for (const selector of [
      Deployment.spec.selector.matchLabels,
      Service.spec.selector,
      PodDisruptionBudget.spec.selector.matchLabels,
    ])
      expect(labels).toMatchObject(selector)
    for (const { metadata } of Object.values(manifests)) expect(metadata).toMatchObject({ namespace: 'models' })
    expect(Deployment.spec.replicas).toBe(2)
    expect(podOf(Deployment).topologySpreadConstraints).toHaveLength(1)
  })

  test('asks for GPUs, shared memory and what the documentation calls the minimum', () => {
    const { resources, volumeMounts } = containerOf(manifests['Deployment'])
    expect(resources).toEqual({ requests: { cpu: '8', memory: '32Gi' }, limits: { 'nvidia.com/gpu': '2' } })
    expect(volumeMounts[0]).toEqual({ name: 'shared-memory', mountPath: '/dev/shm' })
    expect(podOf(manifests['Deployment']).volumes[0].emptyDir).toEqual({ medium: 'Memory', sizeLimit: '4Gi' })
  })

  test('is probed on /health, for as long as the weights take', () => {
    const { startupProbe, readinessProbe, livenessProbe } = containerOf(manifests['Deployment'])
    for (const probe of [startupProbe, readinessProbe, livenessProbe])
      expect(probe.httpGet).toEqual({ path: '/health', port: 'http' })
    // 300 s and 20 s for each of 13.5 GiB, in whole minutes.
    expect(startupProbe.periodSeconds * startupProbe.failureThreshold).toBe(600)
    const unlisted = {
      model: 'example',
      huggingFaceId: 'example/Large',
      memory: { fits: true, perGpu: { weightsGiB: 65 } },
    }
    const large = manifestsOf(render(examplePlan(unlisted)))
    expect(containerOf(large['Deployment']).startupProbe.failureThreshold).toBe(294)
    const stated = manifestsOf(render(examplePlan(), { startupTimeoutSeconds: 95 }))
    expect(containerOf(stated['Deployment']).startupProbe.failureThreshold).toBe(10)
    expect(stated['Deployment'].spec.progressDeadlineSeconds).toBeGreaterThan(95)
  })

  test('takes secrets by reference, and says how they are made', () => {
    const { env } = containerOf(manifests['Deployment'])
    const refs = env.filter((one: Document) => one.valueFrom?.secretKeyRef !== undefined)
    expect(refs.map((one: Document) => [one.name, one.valueFrom.secretKeyRef])).toEqual([
      ['HF_TOKEN', { name: 'hugging-face-token', key: 'token', optional: true }],
      ['VLLM_API_KEY', { name: 'code-api-key', key: 'api-key' }],
    ])
    const text = render(examplePlan(), {
      namespace: 'models',
      apiKeySecret: { name: 'keys', key: 'vllm' },
      huggingFaceTokenSecret: 'hf',
    })
    expect(text).toContain(
      '#   kubectl create secret generic keys --namespace models --from-literal=vllm="$VLLM_API_KEY"\n',
    )
    expect(text).toContain('#   kubectl create secret generic hf --namespace models --from-literal=token="$HF_TOKEN"\n')
  })

  test('says so when there is no key', () => {
    const open = examplePlan({ configuration: deployment() })
    expect(render(open)).toContain('# No key is stated: whoever reaches the server may use it.\n')
    expect(render(open, { apiKeySecret: 'keys' })).not.toContain('No key is stated')
    expect(render(examplePlan())).not.toContain('No key is stated')
  })

  test('gives away no more than it has to', () => {
    const pod = podOf(manifests['Deployment'])
    expect(pod).toMatchObject({ automountServiceAccountToken: false, enableServiceLinks: false })
    expect(containerOf(manifests['Deployment']).securityContext).toEqual({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
    })
  })

  test('is found by Prometheus', () => {
    expect(manifests['Deployment'].spec.template.metadata.annotations).toEqual({
      'prometheus.io/scrape': 'true',
      'prometheus.io/port': '8000',
      'prometheus.io/path': '/metrics',
    })
  })
})

describe('a rollout', () => {
  const rollout = (options?: Arguments[2]) =>
    manifestsOf(render(examplePlan(), options))['Deployment'].spec.strategy.rollingUpdate

  test('stops a server before it starts another, unless GPUs are free', () => {
    expect(rollout()).toEqual({ maxSurge: 0, maxUnavailable: 1 })
    expect(rollout({ spareGpus: 1 })).toEqual({ maxSurge: 0, maxUnavailable: 1 })
    expect(rollout({ spareGpus: 2 })).toEqual({ maxSurge: 1, maxUnavailable: 0 })
    expect(rollout({ spareGpus: 100 })).toEqual({ maxSurge: 2, maxUnavailable: 0 })
  })

  test('keeps the weights in one volume only where no two pods want it', () => {
    const kept = manifestsOf(render(examplePlan({ replicas: 1 })))
    expect(kept['PersistentVolumeClaim'].spec.resources.requests.storage).toBe('30Gi')
    expect(podOf(kept['Deployment']).volumes[1].persistentVolumeClaim.claimName).toBe(
      kept['PersistentVolumeClaim'].metadata.name,
    )
    expect(kept).not.toHaveProperty('PodDisruptionBudget')
    const surging = manifestsOf(render(examplePlan({ replicas: 1 }), { spareGpus: 2 }))
    expect(surging).not.toHaveProperty('PersistentVolumeClaim')
    expect(podOf(surging['Deployment']).volumes[1].ephemeral.volumeClaimTemplate.spec.accessModes).toEqual([
      'ReadWriteOnce',
    ])
  })
})

test('the volume is the one that is asked for', () => {
  const volume = (options: Arguments[2]) => podOf(manifestsOf(render(examplePlan(), options))['Deployment']).volumes[1]
  expect(volume({ modelCache: { claimName: 'shared' } })).toEqual({
    name: 'model',
    persistentVolumeClaim: { claimName: 'shared' },
  })
  expect(volume({ modelCache: { hostPath: '/srv/models' } }).hostPath).toEqual({
    path: '/srv/models',
    type: 'DirectoryOrCreate',
  })
  expect(volume({ modelPath: '/srv/mistral' }).hostPath).toEqual({ path: '/srv/mistral', type: 'Directory' })
  const { spec } = volume({ modelCache: { sizeGiB: 55, storageClassName: 'fast' } }).ephemeral.volumeClaimTemplate
  expect(spec).toMatchObject({ storageClassName: 'fast', resources: { requests: { storage: '55Gi' } } })
})

test('nodes, port, image and name are the ones that are asked for', () => {
  const options = {
    nodeSelector: { 'nvidia.com/gpu.product': 'A100' },
    port: 9000,
    image: 'registry.example.com/vllm:1',
    name: 'mine',
  }
  const { Deployment, Service } = manifestsOf(render(examplePlan(), options))
  expect(podOf(Deployment).nodeSelector).toEqual(options.nodeSelector)
  expect(containerOf(Deployment)).toMatchObject({
    image: options.image,
    ports: [{ name: 'http', containerPort: 9000 }],
  })
  expect(containerOf(Deployment).args.slice(-2)).toEqual(['--port', '9000'])
  expect(Service).toMatchObject({ metadata: { name: 'mine' }, spec: { ports: [{ port: 9000, targetPort: 'http' }] } })
})

test('a recipe with preparation gets an init container', () => {
  const { Deployment } = manifestsOf(render(deployment({ model: 'mixtral-8x7b-it-v0.1' })))
  const [prepare] = podOf(Deployment).initContainers
  expect(prepare.command[2]).toContain('cp tokenizer.model tokenizer.model.v3')
  expect(syntaxFaults('sh', prepare.command[2])).toBe('')
  expect(prepare.args).toEqual(['mistralai/Mixtral-8x7B-Instruct-v0.1', containerOf(Deployment).args[0]])
  expect(prepare.volumeMounts[0].mountPath).toBe('/model-cache')
})

test('a small machine is not asked for more than it has', () => {
  const { Deployment } = manifestsOf(render(examplePlan({ machine: 'g5.xlarge', gpu: 'a10g', gpusPerNode: 1 })))
  expect(containerOf(Deployment).resources.requests).toEqual({ cpu: '3', memory: '12Gi' })
})

test('AMD GPUs are asked for by their own name', () => {
  const { Deployment } = manifestsOf(
    render(deployment({ hardware: { gpu: 'mi300x', gpuCount: 4 }, server: { version: '0.19.0' } })),
  )
  expect(containerOf(Deployment).resources.limits).toEqual({ 'amd.com/gpu': '4' })
  expect(podOf(Deployment).tolerations[0].key).toBe('amd.com/gpu')
})

describe('a plan over several machines', () => {
  const templates = (text: string) => manifestsOf(text)['LeaderWorkerSet'].spec.leaderWorkerTemplate
  const variables = (text: string) => [...text.matchAll(/\$\((\w+)\)/g)].map(([, name]) => name)

  test('is a LeaderWorkerSet whose leader alone answers', () => {
    const manifests = manifestsOf(render(distributedPlan({ replicas: 2 })))
    const { LeaderWorkerSet, Service, PodDisruptionBudget } = manifests
    const { leaderTemplate, workerTemplate, size } = LeaderWorkerSet.spec.leaderWorkerTemplate
    expect([LeaderWorkerSet.spec.replicas, size]).toEqual([2, 2])
    expect(leaderTemplate.metadata.labels).toMatchObject(Service.spec.selector)
    expect(workerTemplate.metadata.labels).not.toMatchObject(Service.spec.selector)
    expect(workerTemplate.metadata.labels).toMatchObject(PodDisruptionBudget.spec.selector.matchLabels)
    expect(workerTemplate.spec.containers[0]).not.toHaveProperty('readinessProbe')
    for (const { spec } of [leaderTemplate, workerTemplate])
      expect(spec.containers[0].resources.limits).toEqual({ 'nvidia.com/gpu': '8' })
    expect(manifests).not.toHaveProperty('Deployment')
  })

  test('forms a Ray cluster up to vLLM 0.18', () => {
    const { leaderTemplate, workerTemplate } = templates(render(distributedPlan()))
    const [leader, worker] = [leaderTemplate, workerTemplate].map(({ spec }: Document) => spec.containers[0])
    for (const { command } of [leader, worker]) expect(syntaxFaults('bash', command[2])).toBe('')
    expect(leader.command[2]).toContain('exec vllm serve "$@"')
    expect(leader.args.slice(-2)).toEqual(['--distributed-executor-backend', 'ray'])
    expect(worker.command[2]).toContain('ray start --address="$LWS_LEADER_ADDRESS:6379"')
    expect(worker.env.map(({ name }: Document) => name)).not.toContain('VLLM_API_KEY')
  })

  test('needs no Ray from vLLM 0.19 on', () => {
    const text = render(distributedPlan({ vllmVersion: '0.19.1' }))
    const { leaderTemplate, workerTemplate } = templates(text)
    expect(text).not.toMatch(/\bray\b/)
    expect(leaderTemplate.spec.containers[0].args.join(' ')).toContain(
      '--nnodes 2 --node-rank 0 --master-addr $(LWS_LEADER_ADDRESS)',
    )
    expect(workerTemplate.spec.containers[0].args.join(' ')).toContain(
      '--headless --master-addr $(LWS_LEADER_ADDRESS) --node-rank $(LWS_WORKER_INDEX)',
    )
    expect(variables(text)).toEqual(['LWS_LEADER_ADDRESS', 'LWS_LEADER_ADDRESS', 'LWS_WORKER_INDEX'])
  })

  test('uses Ray from 0.19 on only with an image that has it', () => {
    const plan = distributedPlan({ vllmVersion: '0.19.1' })
    expect(errorOf(() => render(plan, { distributed: 'ray' })).message).toContain('carry no Ray')
    expect(render(plan, { distributed: 'ray', image: 'example/vllm-ray:1' })).toContain('ray start --head')
  })
})

describe('an InferenceService', () => {
  const predictorOf = (input: Arguments[0], options?: Arguments[2]) =>
    manifestsOf(render(input, { distributed: 'kserve', ...options }))['InferenceService'].spec.predictor
  const shared = { modelCache: { claimName: 'models' }, modelPath: '/mixtral' } as const
  const open = { configuration: deployment({ model: 'mixtral-8x22b-it-v0.1' }) }

  test('runs the same container on one machine', () => {
    const predictor = predictorOf(examplePlan())
    const { Deployment } = manifestsOf(render(examplePlan()))
    expect(predictor).toMatchObject({ minReplicas: 2, maxReplicas: 2 })
    expect(predictor.containers).toEqual([{ ...containerOf(Deployment), name: 'kserve-container' }])
  })

  test('uses the runtime of KServe over several', () => {
    const predictor = predictorOf(distributedPlan(open), shared)
    expect(predictor.model).toMatchObject({
      runtime: 'kserve-huggingfaceserver-multinode',
      storageUri: 'pvc://models/mixtral',
      args: [
        '--model_name=mistral-7b',
        '--max-model-len=32768',
        '--max-num-seqs=256',
        '--gpu-memory-utilization=0.9',
        '--dtype=bfloat16',
      ],
    })
    expect(predictor.workerSpec).toMatchObject({ tensorParallelSize: 8, pipelineParallelSize: 2 })
    expect(render(distributedPlan(open), { distributed: 'kserve', ...shared })).toContain(
      '.svc.cluster.local/openai/v1',
    )
  })

  test.each([
    ['copies', { ...open, replicas: 2 }, shared, /exactly one/],
    ['a key', {}, shared, /checks none/],
    ['no claim', open, {}, /ReadWriteMany/],
    ['arguments with blanks', { ...open, servedModelName: 'a b' }, shared, /cannot be given "--model_name=a b"/],
  ])('refuses %s over several', (_, changes, options, reason) => {
    expect(errorOf(() => predictorOf(distributedPlan(changes), options))).toMatchObject({
      code: 'unsupported',
      message: reason,
    })
  })
})

test('several deployments make one file, and other platforms are left out', () => {
  const configuration = {
    deployments: { a: deployment(), b: deployment(), cloud: mixedConfiguration.deployments.chat },
  }
  const documents = documentsOf(render(configuration))
  for (const document of documents) expect(manifestFaults(document)).toEqual([])
  expect(documents.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
    ...['PersistentVolumeClaim a-model-cache', 'Deployment a', 'Service a'],
    ...['PersistentVolumeClaim b-model-cache', 'Deployment b', 'Service b'],
  ])
})

test('no text leaves its place', () => {
  fc.assert(
    fc.property(hostileName, hostileText, fc.boolean(), (name, served, distributed) => {
      const one = deployment({ servedModelName: served, apiKey: served, server: { tensorParallelSize: 2 } })
      let text = ''
      try {
        text = render({ deployments: { [name]: one } }, distributed ? { nodesPerReplica: 2 } : {})
      } catch (error) {
        if (RenderError.is(error) && served.includes('\0')) return
        throw error
      }
      const manifests = manifestsOf(text)
      expect(Object.keys(manifests).sort()).toEqual(
        distributed ? ['LeaderWorkerSet', 'Service'] : ['Deployment', 'PersistentVolumeClaim', 'Service'],
      )
      expect(isKubernetesName(manifests['Service'].metadata.name)).toBe(true)
      const template = distributed
        ? manifests['LeaderWorkerSet'].spec.leaderWorkerTemplate.leaderTemplate
        : manifests['Deployment'].spec.template
      const variables = new Map([
        ['A', 'replaced'],
        ['LWS_LEADER_ADDRESS', 'leader'],
      ])
      const expanded = template.spec.containers[0].args.map((word: string) => expandVariables(word, variables))
      const stated = served.trim()
      expect(expanded).toContain(stated.startsWith('-') ? `--served-model-name=${stated}` : stated)
    }),
  )
})
