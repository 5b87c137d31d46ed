import type { JsonPatchOperation } from '../src/index.js'

type Container = Record<string, unknown>

/** A small RFC 6902 applier for the operations that fixes use. Throws where a pointer leads nowhere. */
export function applyJsonPatch(document: unknown, operations: readonly JsonPatchOperation[]): unknown {
  const copy = structuredClone(document)
  for (const operation of operations) apply(copy, operation)
  return copy
}

function apply(root: unknown, operation: JsonPatchOperation): void {
  if ('from' in operation) {
    const value = structuredClone(read(root, operation.from))
    if (operation.op === 'move') remove(root, operation.from)
    write(root, operation.path, value)
  } else if (operation.op === 'remove') remove(root, operation.path)
  else if (operation.op !== 'test') {
    if (operation.op === 'replace') read(root, operation.path)
    write(root, operation.path, operation.value)
  }
}

function locate(root: unknown, pointer: string): { readonly parent: Container; readonly key: string } {
  const keys = pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
  const key = keys.pop() ?? ''
  let parent = root
  for (const step of keys) parent = (parent as Container)[step]
  if (typeof parent !== 'object' || parent === null) throw new Error(`${pointer} leads nowhere`)
  return { parent: parent as Container, key }
}

function read(root: unknown, pointer: string): unknown {
  const { parent, key } = locate(root, pointer)
  if (!Object.hasOwn(parent, key)) throw new Error(`${pointer} is not there`)
  return parent[key]
}

function remove(root: unknown, pointer: string): void {
  read(root, pointer)
  const { parent, key } = locate(root, pointer)
  if (Array.isArray(parent)) parent.splice(Number(key), 1)
  else delete parent[key]
}

function write(root: unknown, pointer: string, value: unknown): void {
  const { parent, key } = locate(root, pointer)
  parent[key] = value
}
