import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const source = (path: string) => fileURLToPath(new URL(`./packages/${path}`, import.meta.url))

export default defineConfig({
  resolve: {
    // Tests run from source, so that nothing has to be built first; scripts/check-packaging.mjs tests what is published.
    alias: [
      { find: '@duo-models/rules/matrix', replacement: source('rules/src/matrix.ts') },
      { find: '@duo-models/rules', replacement: source('rules/src/index.ts') },
      { find: '@duo-models/adapters/azure-openai', replacement: source('adapters/src/azure-openai/index.ts') },
      {
        find: '@duo-models/adapters/openai-compatible',
        replacement: source('adapters/src/openai-compatible/index.ts'),
      },
      { find: '@duo-models/adapters/bedrock', replacement: source('adapters/src/bedrock/index.ts') },
      { find: '@duo-models/adapters/testing', replacement: source('adapters/src/testing/index.ts') },
      { find: '@duo-models/adapters/vllm', replacement: source('adapters/src/vllm/index.ts') },
      { find: '@duo-models/adapters', replacement: source('adapters/src/index.ts') },
      { find: '@duo-models/core/configuration-file', replacement: source('core/src/configuration-file/index.ts') },
      { find: '@duo-models/core', replacement: source('core/src/index.ts') },
      { find: '@duo-models/emulator/simulation', replacement: source('emulator/src/simulation/index.ts') },
      { find: '@duo-models/emulator', replacement: source('emulator/src/index.ts') },
    ],
  },
  test: {
    include: [
      'packages/*/{src,test,scripts}/**/*.test.ts',
      'examples/**/*.test.ts',
      'scripts/**/*.test.ts',
      'bench/**/*.test.ts',
    ],
    typecheck: {
      enabled: true,
      include: ['packages/*/test/typings/**/*.test-d.ts'],
      tsconfig: './tsconfig.json',
      // Everything else is the business of `npm run typecheck`.
      ignoreSourceErrors: true,
    },
    setupFiles: ['scripts/seed-property-tests.ts'],
    testTimeout: 15_000,
  },
})
