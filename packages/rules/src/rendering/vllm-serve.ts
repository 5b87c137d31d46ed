import { plainLine } from '../formats/plain-text.js'
import { launcherOf, rayPort, startRayHead, waitForRayNodes } from './launcher.js'
import { baseName } from './model-location.js'
import type { RenderInput } from './read-input.js'
import { RenderError } from './render-error.js'
import type { RenderRequest } from './render-format.js'
import { wordsOf } from './serve-option.js'
import { serversOf } from './servers.js'
import { shellComment, shellQuote } from './shell-quote.js'
import type { VllmServer } from './vllm-server.js'

const defaultPort = 8000
const headAddress = 'VLLM_HEAD_ADDRESS'

/** Commands for a POSIX shell. Each server is one command, so that no part of it runs when a variable is missing. */
export function writeVllmServe(input: RenderInput, request: RenderRequest): string {
  const servers = serversOf(input, request)
  const sections = servers.map((server) => section(server, request, servers.length > 1))
  return `${sections.join('\n\n')}\n`
}

function section(server: VllmServer, request: RenderRequest, titled: boolean): string {
  const { deployment, endpoints, replicas, nodes, notes } = server
  const title = titled ? [`${deployment}${endpoints.length === 0 ? '' : `: ${endpoints.map(hostOf).join(', ')}`}`] : []
  const copies = replicas > 1 ? [`Start it ${replicas} times, on ${replicas * nodes} machines.`] : []
  const comments = [...title, ...notes, ...copies].map((line) => shellComment(plainLine(line)))
  const commands = nodes > 1 ? distributed(server, request) : [serveCommand(server, request)]
  return [...comments, ...preparation(server, request), ...commands].join('\n')
}

function hostOf(endpoint: string): string {
  return URL.canParse(endpoint) ? new URL(endpoint).host : 'an address'
}

function preparation({ recipe, repository, model }: VllmServer, { options }: RenderRequest): string[] {
  if (recipe === undefined || recipe.preparation.length === 0) return []
  const inFolder = ['cd', shellQuote(model)].join(' ')
  const prepare = `(${[inFolder, ...recipe.preparation].join(' && ')})`
  if (options.modelPath !== undefined) return ['# Once:', prepare, '']
  const clone = `git clone ${shellQuote(`https://huggingface.co/${repository}`)} ${shellQuote(baseName(repository))}`
  return [
    '# Once, with Git LFS. Git asks for your Hugging Face user name and, as the password, an access token.',
    clone,
    prepare,
    '',
  ]
}

/** One command line per option; `extra` words follow as they are, for the shell to expand. */
function serveCommand(server: VllmServer, request: RenderRequest, extra: readonly string[] = []): string {
  const { model, options, keyVariable } = server
  const port = request.options.port ?? server.port ?? defaultPort
  const lines = [
    ...(keyVariable === undefined ? [] : [keyAssignment(keyVariable)]),
    `vllm serve ${shellQuote(model)}`,
    ...options.map((option) => `  ${(wordsOf(option) ?? []).map(shellQuote).join(' ')}`),
    ...(port === defaultPort ? [] : [`  --port ${port}`]),
    ...extra.map((words) => `  ${words}`),
  ]
  return lines.join(' \\\n')
}

// vLLM reads the key from its environment. On the command line every user of the machine could see it.
function keyAssignment(variable: string): string {
  return `VLLM_API_KEY="\${${variable}:?Set ${variable} to the key that clients present.}"`
}

function distributed(server: VllmServer, request: RenderRequest): string[] {
  const { distributed: asked } = request.options
  if (asked === 'leader-worker-set' || asked === 'kserve')
    throw new RenderError({
      code: 'invalid-option',
      format: request.format,
      deployment: server.deployment,
      message: `options.distributed is "${asked}", which belongs to Kubernetes. Use the format kubernetes, or leave it out.`,
    })
  return launcherOf(server, request) === 'ray' ? withRay(server, request) : withoutRay(server, request)
}

function withRay(server: VllmServer, request: RenderRequest): string[] {
  const { nodes } = server
  const address = headVariable()
  const join = `VLLM_HOST_IP="\${VLLM_HOST_IP:?Set VLLM_HOST_IP to the address of this machine.}" \\\nray start --address=${address}:${rayPort} --block`
  const head = [
    `export VLLM_HOST_IP=${address}`,
    startRayHead,
    `{ ${waitForRayNodes(nodes)}; }`,
    serveCommand(server, request, ['--distributed-executor-backend ray']),
  ]
  return [
    ...headNote(nodes),
    ...otherMachines(nodes),
    shellComment(join),
    '# On the first machine:',
    head.join(' && \\\n'),
  ]
}

function withoutRay(server: VllmServer, request: RenderRequest): string[] {
  const { nodes } = server
  const on = (rank: string, extra: readonly string[] = []) =>
    serveCommand(server, request, [`--nnodes ${nodes} --node-rank ${rank} --master-addr ${headVariable()}`, ...extra])
  const rank =
    nodes === 2 ? '1' : `"\${NODE_RANK:?Set NODE_RANK to the number of this machine, from 1 to ${nodes - 1}.}"`
  return [
    ...headNote(nodes),
    ...otherMachines(nodes),
    shellComment(on(rank, ['--headless'])),
    '# On the first machine:',
    on('0'),
  ]
}

function headVariable(): string {
  return `"\${${headAddress}:?Set ${headAddress} to the address of the first machine.}"`
}

function headNote(nodes: number): string[] {
  return [`# One server on ${nodes} machines. They trust each other: keep their network private.`]
}

function otherMachines(nodes: number): string[] {
  return [nodes === 2 ? '# On the other machine:' : `# On each of the other ${nodes - 1} machines:`]
}
