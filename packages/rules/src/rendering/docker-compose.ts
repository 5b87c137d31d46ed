import { plainLine } from '../formats/plain-text.js'
import { showValue } from '../show-value.js'
import { containerArguments } from './container-arguments.js'
import { cacheFolder } from './model-location.js'
import { needsPreparation, preparationScript } from './model-preparation.js'
import { modelVolume } from './model-volume.js'
import type { RenderInput } from './read-input.js'
import { RenderError } from './render-error.js'
import type { RenderRequest } from './render-format.js'
import { serverImage } from './server-image.js'
import { sharedMemoryGiB, startupSeconds } from './server-needs.js'
import { imageNote, openNote } from './server-notes.js'
import { serversOf } from './servers.js'
import type { VllmServer } from './vllm-server.js'
import { toYamlDocuments, type YamlMap, type YamlValue } from './yaml.js'

const defaultPort = 8000
const cacheVolume = 'model-cache'

/** A Compose file with one service per server. GPUs and ports are shared out among the servers of one machine. */
export function writeDockerCompose(input: RenderInput, request: RenderRequest): string {
  const placed = place(serversOf(input, request), request)
  const services: Record<string, YamlMap> = {}
  for (const one of placed) Object.assign(services, servicesOf(one, request))
  const value = { services, ...(modelVolume(request).kind === 'new' ? { volumes: { [cacheVolume]: {} } } : {}) }
  return toYamlDocuments([{ comments: comments(placed, request).map(plainLine), value }])
}

interface PlacedServer {
  readonly server: VllmServer
  /** Hosts that run the service; empty where no endpoint is stated. */
  readonly hosts: readonly string[]
  readonly port: number
  readonly deviceIds: readonly string[]
}

// Servers with a host in common run on one machine, and the others' GPUs and ports do not matter to them.
function place(servers: readonly VllmServer[], request: RenderRequest): readonly PlacedServer[] {
  const placed: PlacedServer[] = []
  for (const server of servers) {
    if (server.nodes > 1) throw severalMachines(server, request)
    const hosts = server.endpoints.map(hostOf)
    const neighbours = placed.filter((other) => other.hosts.some((host) => hosts.includes(host)))
    const port = request.options.port ?? server.port ?? defaultPort
    const clash = neighbours.find((other) => other.port === port)
    if (clash !== undefined) throw portClash(clash.server, server, port, request)
    const first = Math.max(0, ...neighbours.flatMap(({ deviceIds }) => deviceIds.map((id) => Number(id) + 1)))
    const deviceIds = Array.from({ length: server.gpusPerNode }, (_, index) => String(first + index))
    placed.push({ server, hosts, port, deviceIds })
  }
  return placed
}

function hostOf(endpoint: string): string {
  return URL.canParse(endpoint) ? new URL(endpoint).hostname : endpoint
}

function severalMachines({ deployment, nodes }: VllmServer, { format }: RenderRequest): RenderError {
  return new RenderError({
    code: 'unsupported',
    format,
    deployment,
    message: `Deployment ${showValue(deployment)} spans ${nodes} machines, and a Compose file is for one. Use the format kubernetes or vllm-serve.`,
  })
}

function portClash(one: VllmServer, other: VllmServer, port: number, { format }: RenderRequest): RenderError {
  return new RenderError({
    code: 'unsupported',
    format,
    deployment: other.deployment,
    message: `Deployments ${showValue(one.deployment)} and ${showValue(other.deployment)} are on one machine and both want port ${port}. State different ports in their endpoints.`,
  })
}

function comments(placed: readonly PlacedServer[], request: RenderRequest): string[] {
  const keys = new Set(placed.flatMap(({ server }) => server.keyVariable ?? []))
  const isOpen = placed.some(({ server }) => server.keyVariable === undefined)
  const starts = placed.flatMap(({ server: { name, replicas }, hosts }) => {
    const where = hosts.length === 0 ? (replicas === 1 ? [] : [`${replicas} machines`]) : hosts
    return placed.length === 1 && where.length < 2
      ? []
      : `On ${where.join(', ') || 'its machine'}: docker compose up --detach ${name}`
  })
  return [
    ...(keys.size === 0
      ? []
      : [`Set ${[...keys].join(' and ')} in the environment, or in a file .env that nobody else can read.`]),
    ...(isOpen ? [openNote] : []),
    ...starts,
    ...placed.flatMap(({ server }) => [...server.notes, ...imageNote(server, request)]),
  ]
}

function servicesOf(placed: PlacedServer, request: RenderRequest): Record<string, YamlMap> {
  const { server } = placed
  if (!needsPreparation(server, request.options.modelPath)) return { [server.name]: service(placed, request) }
  const prepare = `${server.name}-prepare`
  const before = { depends_on: { [prepare]: { condition: 'service_completed_successfully' } } }
  return { [prepare]: preparation(server, request), [server.name]: { ...service(placed, request), ...before } }
}

function preparation(server: VllmServer, request: RenderRequest): YamlMap {
  return {
    image: serverImage(server, request),
    entrypoint: ['sh', '-c', literal(preparationScript(server)), 'sh'],
    command: [server.repository, server.model].map(literal),
    environment: downloadEnvironment,
    volumes: volumes(request),
    security_opt: ['no-new-privileges:true'],
  }
}

function service({ server, port, deviceIds }: PlacedServer, request: RenderRequest): YamlMap {
  return {
    image: serverImage(server, request),
    entrypoint: ['vllm', 'serve'],
    command: containerArguments(server, defaultPort).map(literal),
    environment: environment(server, deviceIds),
    ports: [`${port}:${defaultPort}`],
    volumes: volumes(request),
    shm_size: `${sharedMemoryGiB(server)}gb`,
    ...gpus(server, deviceIds),
    healthcheck: {
      test: [
        'CMD',
        'python3',
        '-c',
        `import urllib.request; urllib.request.urlopen('http://127.0.0.1:${defaultPort}/health', timeout=5)`,
      ],
      interval: '10s',
      timeout: '10s',
      retries: 3,
      start_period: `${startupSeconds(server, request.options.startupTimeoutSeconds)}s`,
    },
    restart: 'unless-stopped',
    stop_grace_period: '2m',
  }
}

const downloadEnvironment: YamlMap = { HF_HOME: cacheFolder, HF_TOKEN: `\${HF_TOKEN:-}` }

function environment({ keyVariable, gpu }: VllmServer, deviceIds: readonly string[]): YamlMap {
  const key = `\${${keyVariable}:?Set ${keyVariable} to the key that clients present.}`
  return {
    ...downloadEnvironment,
    VLLM_NO_USAGE_STATS: '1',
    ...(keyVariable === undefined ? {} : { VLLM_API_KEY: key }),
    ...(gpu?.vendor === 'AMD' ? { HIP_VISIBLE_DEVICES: deviceIds.join(',') } : {}),
  }
}

function volumes(request: RenderRequest): readonly YamlValue[] {
  const volume = modelVolume(request)
  if (volume.kind === 'new') return [`${cacheVolume}:${volume.target}`]
  if (volume.kind === 'folder') {
    const { source, target, readOnly } = volume
    return [{ type: 'bind', source: literal(source), target: literal(target), read_only: readOnly }]
  }
  throw new RenderError({
    code: 'invalid-option',
    format: request.format,
    message: 'options.modelCache.claimName belongs to Kubernetes. Use hostPath, or leave modelCache out.',
  })
}

function gpus({ gpu }: VllmServer, deviceIds: readonly string[]): YamlMap {
  if (gpu?.vendor === 'AMD')
    return { devices: ['/dev/kfd', '/dev/dri'], group_add: ['video', 'render'], security_opt: ['seccomp=unconfined'] }
  const devices = [{ driver: 'nvidia', device_ids: deviceIds, capabilities: ['gpu'] }]
  return { security_opt: ['no-new-privileges:true'], deploy: { resources: { reservations: { devices } } } }
}

/** Text that Compose must not take for a variable. */
function literal(text: string): string {
  return text.replaceAll('$', '$$$$')
}
