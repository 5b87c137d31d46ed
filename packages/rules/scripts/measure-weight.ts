// Prints what an import adds to a page: `node --import tsx packages/rules/scripts/measure-weight.ts`.
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

interface Bundler {
  build(options: object): Promise<{ readonly outputFiles: readonly { readonly contents: Uint8Array }[] }>
}

// The bundler that tsup brings, so that what is measured is built as what is published.
const { build }: Bundler = createRequire(createRequire(import.meta.url).resolve('tsup'))('esbuild')

const imports: Readonly<Record<string, string>> = {
  "supportLevel from '@duo-models/rules/matrix'": "export { supportLevel } from './matrix.ts'",
  compatibility: "export { compatibility } from './index.ts'",
  'catalog, models only': "import { catalog } from './index.ts'; export const { models } = catalog",
  checkConfig: "export { checkConfig } from './index.ts'",
  everything: "export * from './index.ts'",
}

const folder = fileURLToPath(new URL('../src/', import.meta.url))

for (const [name, contents] of Object.entries(imports)) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: folder, loader: 'ts' },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    write: false,
  })
  const bytes = outputFiles[0]?.contents ?? new Uint8Array()
  process.stdout.write(`${name}: ${kilobytes(bytes.length)} minified, ${kilobytes(gzipSync(bytes).length)} with gzip\n`)
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1_000).toFixed(1)} kB`
}
