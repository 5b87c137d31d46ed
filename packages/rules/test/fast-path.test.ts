import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { builtInLookup } from '../src/catalog-lookup.js'
import { builtInRules } from '../src/checks/index.js'
import { readAnything, readConfiguration } from '../src/read-configuration.js'
import { selectRelease } from '../src/release-selection.js'
import { type ConfigurationResult, resolveConfiguration } from '../src/resolve-configuration.js'
import type { ModelContext, Rule } from '../src/rule.js'
import { readSound } from '../src/structure/read-sound.js'
import { arbitraryConfiguration } from './arbitrary-configurations.js'
import { ruleCases } from './rule-cases.js'

const read = (reader: typeof readConfiguration, input: unknown) => {
  const { routes, ...rest } = reader(input, [], (gitlab) => selectRelease(gitlab?.version), builtInLookup)
  // As text, so that the order of keys counts too.
  return JSON.stringify({ ...rest, routes: [...routes] })
}

describe('what is read the fast way', () => {
  test('is what the schemas read', () => {
    fc.assert(
      fc.property(arbitraryConfiguration, (input) => {
        expect(read(readConfiguration, input)).toBe(read(readAnything, input))
      }),
      { numRuns: 2_000 },
    )
  })

  test('is what the schemas read after any change', () => {
    const junk = fc.oneof(
      fc.anything({ withNullPrototype: true, withBigInt: true, withDate: true, withSparseArray: true }),
      fc.constantFrom('', ' x ', '__proto__', 'vllm', '18.2', 0, -1, 0.5, 1e300, Number.NaN, undefined, null),
    )
    fc.assert(
      fc.property(arbitraryConfiguration, fc.array(fc.nat(), { maxLength: 6 }), junk, (input, path, value) => {
        const changed = changeAt(input, path, value)
        expect(read(readConfiguration, changed)).toBe(read(readAnything, changed))
      }),
      { numRuns: 2_000 },
    )
  })

  test('is every ordinary example, so the fast way is in use', () => {
    const sound = Object.values(ruleCases).filter(({ passes }) => readSound(passes) !== undefined)
    expect(sound.length).toBeGreaterThan(Object.keys(ruleCases).length * 0.9)
  })

  test.each<[string, () => unknown]>([
    [
      'a getter that throws',
      () => ({
        get gitlab() {
          throw new Error('no')
        },
      }),
    ],
    ['an inherited section', () => Object.create({ deployments: {} })],
    ['a class instance', () => new Map()],
    ['a list of endless length', () => ({ features: { 'duo-chat': new Array(2 ** 32 - 1) } })],
    ['its own __proto__', () => JSON.parse('{"deployments":{"__proto__":{}}}')],
    [
      'a cycle',
      () => {
        const cycle: Record<string, unknown> = {}
        cycle['gitlab'] = cycle
        return cycle
      },
    ],
    ['a key nobody knows', () => ({ gitlab: {}, more: 1 })],
    ['a deployment without a model', () => ({ deployments: { a: { platform: 'vllm', endpoint: 'http://a/v1' } } })],
  ])('%s is left to the schemas', (_name, make) => {
    expect(readSound(make())).toBeUndefined()
  })
})

describe('rules that are not run', () => {
  const always: readonly Rule[] = builtInRules.map((rule) => {
    const { needs: _needs, platforms: _platforms, ...rest } = { needs: undefined, platforms: undefined, ...rule }
    return rest as Rule
  })

  test('would have had no objection', () => {
    fc.assert(
      fc.property(arbitraryConfiguration, (input) => {
        const all = resolveConfiguration(input, { rules: always })
        expect(resolveConfiguration(input, { rules: [...builtInRules] })).toEqual(all)
        // With the list itself the levels come from `compatibility`, whose question always names a release.
        expect(withoutLevels(resolveConfiguration(input))).toEqual(withoutLevels(all))
      }),
      { numRuns: 1_000 },
    )
  })

  test('are those whose needs are not there: each example still gets its finding', () => {
    for (const [rule, { fails }] of Object.entries(ruleCases))
      expect(resolveConfiguration(fails).report.findings.map((finding) => finding.rule)).toContain(rule)
  })
})

test('model and feature rules read nothing but what their answers are remembered by', () => {
  const remembered = ['release', 'releaseStated', 'model', 'modelName', 'family', 'platform', 'feature', 'lookup']
  const derived = ['assertion', 'level', 'status', 'wording']
  const known = new Set([...remembered, ...derived, 'gitlab', 'gitlab.betaFeatures'])
  const seen = new Set<string>()
  const watch = (value: object, prefix: string): object =>
    new Proxy(value, {
      get: (target, key) => {
        seen.add(prefix + String(key))
        const child: unknown = Reflect.get(target, key)
        return prefix + String(key) === 'gitlab' ? watch(Object(child), 'gitlab.') : child
      },
    })
  const watched = builtInRules.map((rule) => {
    if (rule.scope !== 'model' && rule.scope !== 'feature') return rule
    const check: (context: never) => unknown = rule.check
    return { ...rule, check: (context: ModelContext) => check(watch(context, '') as never) } as Rule
  })
  fc.assert(
    fc.property(arbitraryConfiguration, (input) => {
      resolveConfiguration(input, { rules: watched })
    }),
    { numRuns: 500 },
  )
  expect([...seen].filter((key) => !known.has(key))).toEqual([])
  expect(seen).toContain('gitlab.betaFeatures')
})

function withoutLevels({ report, configuration }: ConfigurationResult) {
  const deployments = Object.entries(report.deployments).map(([name, { verdict, features, findings }]) => ({
    name,
    verdict,
    findings,
    levels: Object.entries(features).map(([id, { level }]) => [id, level]),
  }))
  return { ...report, configuration, deployments }
}

function changeAt(input: unknown, path: readonly number[], value: unknown): unknown {
  if (path.length === 0 || typeof input !== 'object' || input === null) return value
  const [first = 0, ...rest] = path
  const copy: object = Array.isArray(input) ? [...input] : { ...input }
  const keys = Object.keys(copy)
  const key = keys[first % Math.max(1, keys.length)] ?? 'added'
  Reflect.set(copy, key, changeAt(Reflect.get(copy, key), rest, value))
  return copy
}
