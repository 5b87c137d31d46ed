import { createRequire } from 'node:module'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What a bundle is made for. */
export interface BundleOptions {
  readonly minify?: boolean | undefined
  /** Packages that stay outside of it. */
  readonly external?: readonly string[] | undefined
  /** The folder whose packages are found. Default: this one. */
  readonly resolveDir?: string | undefined
}

/** The part of esbuild that is used. It comes with tsup, so that measured code is built like published code. */
interface Esbuild {
  build(
    options: Readonly<Record<string, unknown>>,
  ): Promise<{ readonly outputFiles?: readonly { contents: Uint8Array }[] }>
}

const fromRoot = createRequire(new URL('../../package.json', import.meta.url))
const esbuild = createRequire(fromRoot.resolve('tsup'))('esbuild') as Esbuild

/** Below `node_modules`, so that a bundle finds the packages that stay outside of it. */
const cacheFolder = fileURLToPath(new URL('../node_modules/.cache/bench', import.meta.url))

/** Builds a program of this folder into one file, as a user's build would, and returns its path. */
export async function bundleProgram(path: string, options: BundleOptions = {}): Promise<string> {
  const outfile = join(cacheFolder, `${basename(path, '.ts')}.mjs`)
  await esbuild.build({
    ...settings(options),
    entryPoints: [fileURLToPath(new URL(`../${path}`, import.meta.url))],
    outfile,
  })
  return outfile
}

/** The bytes of the bundle of a few lines of code. */
export async function bundleSource(source: string, options: BundleOptions = {}): Promise<Uint8Array> {
  const { resolveDir = fileURLToPath(new URL('..', import.meta.url)) } = options
  const stdin = { contents: source, resolveDir, loader: 'ts' }
  const { outputFiles } = await esbuild.build({ ...settings(options), stdin, write: false })
  const bytes = outputFiles?.[0]?.contents
  if (bytes === undefined) throw new Error('The bundler wrote nothing.')
  return bytes
}

function settings({ minify = false, external = [] }: BundleOptions): Readonly<Record<string, unknown>> {
  return {
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    tsconfig: fileURLToPath(new URL('../../tsconfig.json', import.meta.url)),
    logLevel: 'error',
    minify,
    external: [...external],
    // Packages in CommonJS ask for Node's own modules with require().
    banner: {
      js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
    },
  }
}
