import { isDeepStrictEqual } from 'node:util'
import type { JsonPatchOperation } from '@duo-models/rules'
import { pointerSegments } from './json-pointer.js'

/** An operation asks for a place that is not there, or its test fails. */
export class PatchMismatch extends Error {
  override readonly name = 'PatchMismatch'
}

/**
 * Applies one operation of a JSON Patch (RFC 6902) to a copy of plain data.
 * @throws PatchMismatch when it does not fit
 */
export function applyJsonPatchOperation(value: unknown, operation: JsonPatchOperation): unknown {
  const holder: Container = [structuredClone(value)]
  switch (operation.op) {
    case 'test':
      if (!isDeepStrictEqual(read(holder, operation.path), operation.value)) throw new PatchMismatch('the test fails')
      break
    case 'replace':
      read(holder, operation.path)
      write(holder, operation.path, operation.value, 'replace')
      break
    case 'add':
      write(holder, operation.path, operation.value, 'add')
      break
    case 'remove':
      remove(holder, operation.path)
      break
    case 'copy':
      write(holder, operation.path, structuredClone(read(holder, operation.from)), 'add')
      break
    case 'move': {
      const moved = read(holder, operation.from)
      if (operation.path.startsWith(`${operation.from}/`)) throw new PatchMismatch('a value cannot move into itself')
      remove(holder, operation.from)
      write(holder, operation.path, moved, 'add')
    }
  }
  return holder[0]
}

type Container = unknown[] | Record<string, unknown>

// The root is item 0 of a holder, so that it has a container like everything else.
function locate(holder: Container, pointer: string): { container: Container; key: string } {
  const segments = ['0', ...pointerSegments(pointer)]
  const key = segments.pop() ?? ''
  let container = holder
  for (const segment of segments) {
    const child = readChild(container, segment)
    if (typeof child !== 'object' || child === null) throw new PatchMismatch(`nothing can be inside ${pointer}`)
    container = child as Container
  }
  return { container, key }
}

function readChild(container: Container, key: string): unknown {
  if (!Object.hasOwn(container, key) || (Array.isArray(container) && !isIndex(key)))
    throw new PatchMismatch(`there is no ${key}`)
  return (container as Record<string, unknown>)[key]
}

function read(holder: Container, pointer: string): unknown {
  const { container, key } = locate(holder, pointer)
  return readChild(container, key)
}

function remove(holder: Container, pointer: string): void {
  const { container, key } = locate(holder, pointer)
  readChild(container, key)
  if (Array.isArray(container)) container.splice(Number(key), 1)
  else delete container[key]
}

function write(holder: Container, pointer: string, value: unknown, mode: 'add' | 'replace'): void {
  const { container, key } = locate(holder, pointer)
  if (!Array.isArray(container) || container === holder) {
    define(container, key, value)
    return
  }
  const index = key === '-' ? container.length : Number(key)
  if ((key !== '-' && !isIndex(key)) || index > container.length) throw new PatchMismatch(`there is no item ${key}`)
  container.splice(index, mode === 'replace' ? 1 : 0, value)
}

function define(container: Container, key: string, value: unknown): void {
  // A plain assignment of `__proto__` would change the prototype.
  Object.defineProperty(container, key, { value, enumerable: true, configurable: true, writable: true })
}

function isIndex(key: string): boolean {
  return /^(0|[1-9]\d{0,8})$/.test(key)
}
