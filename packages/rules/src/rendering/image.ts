import type { Gpu } from '../catalog/hardware.js'
import { comparePep440, parsePep440 } from '../pep440.js'

const longestReference = 512
const component = '[a-z0-9]+(?:(?:\\.|_{1,2}|-+)[a-z0-9]+)*'
const reference = new RegExp(
  `^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]{1,5})?/)?${component}(?:/${component})*` +
    '(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@[a-z0-9]+(?:[+._-][a-z0-9]+)*:[0-9a-fA-F]{32,})?$',
)

/** Whether a text names a container image as registries take it. */
export function isImageReference(text: string): boolean {
  return text.length <= longestReference && reference.test(text)
}

// The first release with an official image for AMD: https://hub.docker.com/r/vllm/vllm-openai-rocm/tags.
const firstRocmImage = '0.14.0'

/** The official image of a vLLM version; `undefined` where there is none. */
export function officialImage(version: string, vendor: Gpu['vendor'] = 'NVIDIA'): string | undefined {
  if (!isVersion(version)) return undefined
  if (vendor === 'NVIDIA') return `vllm/vllm-openai:v${version}`
  return isAtLeast(version, firstRocmImage) ? `vllm/vllm-openai-rocm:v${version}` : undefined
}

/** Whether a vLLM version is this one or newer; what is no version counts as newer. */
export function isAtLeast(version: string, least: string): boolean {
  const [stated, wanted] = [parsePep440(version), parsePep440(least)]
  return stated === undefined || wanted === undefined || comparePep440(stated, wanted) >= 0
}

// Tags are the versions as they were released; development builds have no tag.
function isVersion(version: string): boolean {
  return /^\d{1,4}(?:\.\d{1,4}){1,3}(?:rc\d{1,3})?(?:\.?post\d{1,3})?$/.test(version)
}
