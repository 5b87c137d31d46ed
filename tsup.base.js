import { defineConfig } from 'tsup'

/** One published package: ESM, CommonJS and declarations, one entry per sub-path of its `exports`. */
export const library = (entry, overrides = {}) =>
  defineConfig({
    entry: Object.fromEntries(entry.map((file) => [file.replace(/^src\//, '').replace(/\.ts$/, ''), file])),
    format: ['esm', 'cjs'],
    target: 'node20.19',
    platform: 'node',
    // tsup still passes `baseUrl` to TypeScript 6, which calls that deprecated.
    dts: { compilerOptions: { ignoreDeprecations: '6.0', composite: false } },
    splitting: true,
    sourcemap: true,
    clean: true,
    treeshake: true,
    ...overrides,
  })
