import { createRulesEngine, defineModel } from '@duo-models/rules'

/** A model of our own, on a platform of our own, with what we found it good for. */
const tinyCoder = defineModel({
  id: 'tiny-coder-1b',
  familyKey: 'general',
  platforms: ['llama-cpp'],
  levels: { 'code-completion': 'full', 'code-generation': 'partial', 'duo-chat': 'partial' },
  source: 'our evaluation of 2026',
})

/** The rules engine with that model in its catalog, and the platform beside GitLab's. */
export const engine = createRulesEngine({ models: [tinyCoder], platforms: [{ id: 'llama-cpp', name: 'llama.cpp' }] })
