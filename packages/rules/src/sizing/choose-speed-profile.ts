import { catalog } from '../catalog/catalog.js'
import type { Gpu } from '../catalog/hardware.js'
import type { SpeedProfile } from '../catalog/speed-profile.js'
import { nearest } from '../nearest.js'
import { SizingInputError } from './sizing-input-error.js'

/** The profile with this id. Throws a `SizingInputError` for an unknown one. */
export function speedProfileOf(id: string): SpeedProfile {
  const profiles: Readonly<Record<string, SpeedProfile>> = catalog.speedProfiles
  const found = typeof id === 'string' && Object.hasOwn(profiles, id) ? profiles[id] : undefined
  if (found !== undefined) return found
  const ids = Object.keys(profiles)
  throw new SizingInputError({
    field: 'profile',
    value: id,
    expected: `one of ${ids.join(', ')}`,
    nearest: nearest(String(id), ids, 1)[0],
  })
}

/** The profile of an engine generation on a GPU: its own where there is one, the generic one elsewhere. */
export function chooseSpeedProfile(gpu: Gpu, engine: 'v0' | 'v1'): SpeedProfile {
  return profilesOf(gpu)[engine] ?? catalog.speedProfiles[`generic-${engine}`]
}

/** The profile that was fitted to measurements on this GPU, if there is one. */
export function calibratedProfileOf(gpu: Gpu): SpeedProfile | undefined {
  return profilesOf(gpu).calibrated
}

interface ProductProfiles {
  readonly v0?: SpeedProfile | undefined
  readonly v1?: SpeedProfile | undefined
  readonly calibrated?: SpeedProfile | undefined
}

const byProduct = new Map<string, ProductProfiles>()

function profilesOf({ product }: Gpu): ProductProfiles {
  let profiles = byProduct.get(product)
  if (profiles === undefined) {
    const own = Object.values(catalog.speedProfiles).filter(({ products }) => products.includes(product))
    profiles = {
      v0: own.find(({ engine }) => engine === 'v0'),
      v1: own.find(({ engine }) => engine === 'v1'),
      calibrated: own.find(({ standing }) => standing === 'calibrated'),
    }
    byProduct.set(product, profiles)
  }
  return profiles
}
