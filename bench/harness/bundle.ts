import { readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What a bundle is made for. */
export interface BundleOptions {
  readonly minify?: boolean | undefined
  /** Packages that stay outside of it. */
  readonly external?: readonly string[] | undefined
  /** The folder whose packages are found. Default: this one. */
  readonly resolveDir?: string | undefined
  /** Folders whose packages are found where no other has them. */
  readonly nodePaths?: readonly string[] | undefined
}

/** The part of esbuild that is used. It comes with tsup, so that measured code is built like published code. */
interface Esbuild {
  build(options: Readonly<Record<string, unknown>>): Promise<{ readonly metafile?: Metafile }>
}

interface Metafile {
  readonly outputs: Readonly<Record<string, { readonly imports: readonly { path: string; kind: string }[] }>>
}

const fromRoot = createRequire(new URL('../../package.json', import.meta.url))
const esbuild = createRequire(fromRoot.resolve('tsup'))('esbuild') as Esbuild

/** Below `node_modules`, so that a bundle finds the packages that stay outside of it. */
const cacheFolder = fileURLToPath(new URL('../node_modules/.cache/bench', import.meta.url))

/** What the names of written files are relative to. */
const outdirRoot = fileURLToPath(new URL('..', import.meta.url))

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

/** A few lines of code as a bundle, in as many files as it has parts that are loaded on their own. */
export interface SplitBundle {
  /** The file to import. */
  readonly path: string
  /** What importing it loads. */
  readonly loaded: readonly Uint8Array[]
  /** What is loaded later, on first use. */
  readonly lazy: readonly Uint8Array[]
}

/** Builds a few lines of code into a folder of their own. */
export async function bundleSource(name: string, source: string, options: BundleOptions = {}): Promise<SplitBundle> {
  const { resolveDir = fileURLToPath(new URL('..', import.meta.url)) } = options
  const stdin = { contents: source, resolveDir, loader: 'ts', sourcefile: 'main.ts' }
  const outdir = join(cacheFolder, 'import', name)
  rmSync(outdir, { recursive: true, force: true })
  const output = { outdir, outExtension: { '.js': '.mjs' }, entryNames: 'main', splitting: true, metafile: true }
  const { metafile } = await esbuild.build({ ...settings(options), ...output, absWorkingDir: outdirRoot, stdin })
  if (metafile === undefined) throw new Error('The bundler did not say what it wrote.')
  const path = join(outdir, 'main.mjs')
  const loaded = staticallyReached(metafile, relative(outdirRoot, path))
  const read = (files: readonly string[]) => files.map((file) => readFileSync(join(outdirRoot, file)))
  return {
    path,
    loaded: read(loaded),
    lazy: read(Object.keys(metafile.outputs).filter((file) => !loaded.includes(file))),
  }
}

/** A file and all files it imports at its top. */
function staticallyReached({ outputs }: Metafile, entry: string): string[] {
  const reached = [entry]
  for (const file of reached)
    for (const { path, kind } of outputs[file]?.imports ?? [])
      if (kind === 'import-statement' && path in outputs && !reached.includes(path)) reached.push(path)
  return reached
}

function settings({ minify = false, external = [], nodePaths = [] }: BundleOptions): Readonly<Record<string, unknown>> {
  return {
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    tsconfig: fileURLToPath(new URL('../../tsconfig.json', import.meta.url)),
    logLevel: 'error',
    minify,
    external: [...external],
    nodePaths: [...nodePaths],
    // Packages in CommonJS ask for Node's own modules with require().
    banner: {
      js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
    },
  }
}
