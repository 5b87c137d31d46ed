import { join } from 'node:path'
import { bundleProgram } from './bundle.js'
import { installPeers } from './install-peers.js'

const programs = new Map<string, Promise<string>>()

/**
 * Builds a program that holds clients, once, and returns its path. Peers are built with their own packages, everything
 * else with those of the workspace.
 */
export function subjectProgram(path: string, isPeer: boolean): Promise<string> {
  const known = programs.get(path)
  if (known !== undefined) return known
  const options = isPeer ? { nodePaths: [join(installPeers(), 'node_modules')] } : { external: ['openai', 'undici'] }
  const program = bundleProgram(path, options)
  programs.set(path, program)
  return program
}
