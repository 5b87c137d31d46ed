import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { adapterPlatforms, loadAdapter } from './platform-adapters.js'
import { errorOf } from './testing/run-stream.js'

describe('loadAdapter', () => {
  it('loads each platform it names', async () => {
    for (const platform of adapterPlatforms) expect((await loadAdapter(platform)).platform).toBe(platform)
  })

  it.each(['vlm', '__proto__', 'toString'])('names what there is when asked for %s', async (platform) => {
    expect(await errorOf(loadAdapter(platform))).toMatchObject({
      code: 'configuration',
      platform,
      message: expect.stringContaining("'vllm'"),
    })
  })
})

describe('the package index', () => {
  it('loads neither undici nor the AWS SDK nor a platform', () => {
    const index = fileURLToPath(new URL('./index.ts', import.meta.url))
    const script = `await import(${JSON.stringify(index)}); const { createRequire } = await import('node:module');
      const loaded = Object.keys(createRequire(${JSON.stringify(index)}).cache).filter((path) => /undici|aws-sdk|smithy/.test(path));
      process.stdout.write(JSON.stringify(loaded))`
    const output = execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', script], {
      encoding: 'utf8',
    })
    expect(JSON.parse(output)).toEqual([])
  })
})
