import { cacheFolder } from './model-location.js'
import { RenderError } from './render-error.js'
import type { RenderRequest } from './render-format.js'

/** The volume that a container reads the model from. */
export type ModelVolume =
  | { readonly kind: 'new'; readonly target: string; readonly sizeGiB?: number; readonly storageClassName?: string }
  | { readonly kind: 'claim'; readonly target: string; readonly claimName: string }
  | { readonly kind: 'folder'; readonly target: string; readonly source: string; readonly readOnly: boolean }

/**
 * Where a container finds the model: in the cache, or, when only a folder with the weights is stated, in that folder of
 * the machine.
 */
export function modelVolume({ format, options: { modelCache, modelPath } }: RenderRequest): ModelVolume {
  const target = cacheFolder
  if (modelPath !== undefined && !modelPath.startsWith('/'))
    throw new RenderError({
      code: 'invalid-option',
      format,
      message: 'options.modelPath has to be an absolute path for a container.',
    })
  if (modelCache === undefined)
    return modelPath === undefined
      ? { kind: 'new', target }
      : { kind: 'folder', target: modelPath, source: modelPath, readOnly: true }
  if ('claimName' in modelCache) return { kind: 'claim', target, claimName: modelCache.claimName }
  if ('hostPath' in modelCache) return { kind: 'folder', target, source: modelCache.hostPath, readOnly: false }
  const { sizeGiB, storageClassName } = modelCache
  return {
    kind: 'new',
    target,
    ...(sizeGiB === undefined ? {} : { sizeGiB }),
    ...(storageClassName === undefined ? {} : { storageClassName }),
  }
}
