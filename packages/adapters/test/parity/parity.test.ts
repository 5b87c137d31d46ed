import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { features } from './features.js'
import { type Platform, platforms } from './laboratory.js'

const titles: Readonly<Record<Platform, string>> = {
  vllm: 'vLLM',
  bedrock: 'Amazon Bedrock',
  'azure-openai': 'Azure OpenAI',
}
const cells = features.flatMap(({ name, cells }) =>
  platforms.map((platform) => [name, platform, cells[platform]] as const),
)

describe('parity of the platforms', () => {
  it.each(cells)('%s on %s', async (_name, platform, cell) => {
    await cell.prove(platform)
  })

  // `vitest run packages/adapters/test/parity -u` writes it anew.
  it('is what the page says', async () => {
    const page = fileURLToPath(new URL('../../../../docs/adapters/parity.md', import.meta.url))
    await expect(render()).toMatchFileSnapshot(page)
  })
})

function render(): string {
  const row = (...texts: readonly string[]): string => `| ${texts.join(' | ')} |`
  const head = ['Feature', 'What is looked at', ...platforms.map((platform) => titles[platform])]
  const rows = features.map(({ name, demand, cells }) =>
    row(name, demand, ...platforms.map((platform) => cells[platform].says)),
  )
  return [
    '# Parity of the platforms',
    '',
    'What works on which platform. Every cell is a test that sends requests to the emulator of the platform, those that say',
    'no included; the table is written by these tests (`packages/adapters/test/parity`), and a stale one fails them.',
    '',
    row(...head),
    row(...head.map(() => '---')),
    ...rows,
    '',
  ].join('\n')
}
