import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import { generateCatalog } from './generate-catalog.js'

const dataFolder = fileURLToPath(new URL('../data', import.meta.url))
const folders: string[] = []

function copyOfData(): string {
  const folder = mkdtempSync(join(tmpdir(), 'duo-models-data-'))
  folders.push(folder)
  cpSync(dataFolder, folder, { recursive: true })
  return folder
}

function edit(folder: string, file: string, from: string, to: string): void {
  const path = join(folder, file)
  const text = readFileSync(path, 'utf8')
  expect(text).toContain(from)
  writeFileSync(path, text.replace(from, to))
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

describe('generateCatalog', () => {
  test.each([...generateCatalog()])('gives the committed %s', (name, text) => {
    expect(text).toBe(readFileSync(new URL(`../src/catalog/${name}`, import.meta.url), 'utf8'))
  })

  test.each([
    ['an unknown key', 'gpus.yaml', 'bandwidthGBs:', 'bandwidth:', /gpus\.yaml: .*bandwidth/s],
    ['an unknown source', 'platforms/vllm.yaml', 'vllm-engine-arguments', 'no-such-page', /no source 'no-such-page'/],
    ['a level of the other scale', 'models/codegemma/codegemma-2b.yaml', '"yes"', 'full', /not in the scale/],
    ['a missing column', 'models/gpt/gpt-4o.yaml', '      duo-chat: full\n', '', /gpt-4o\.yaml: .*lacks 'duo-chat'/],
    [
      'an alias that means two models',
      'models/gpt/gpt-4o.yaml',
      'aliases: []',
      'aliases: [GPT-4 Turbo]',
      /already means/,
    ],
    ['a GPU nobody knows', 'machines.yaml', 'gpu: a100-40gb', 'gpu: a100-41gb', /no GPU 'a100-41gb'/],
    [
      'a recipe for another model',
      'serving/vllm/mistral-7b-it-v0.3.yaml',
      'Instruct-v0.3\n',
      'Instruct-v0.2\n',
      /file of the model/,
    ],
    [
      'a replacement nobody knows',
      'models/mistral/mixtral-8x7b-it-v0.1.yaml',
      'replacement: mistral-small-24b-instruct-2506',
      'replacement: mistral-small',
      /no model 'mistral-small'/,
    ],
    [
      'levels of a model that is compatible only',
      'models/general/any-openai-compatible.yaml',
      'levels: {}',
      'levels: { code-completion: "yes" }',
      /has levels/,
    ],
    [
      'a conflict nobody knows',
      'models/gpt/gpt-oss-20b.yaml',
      'conflict: gpt-oss-icons-18.3',
      'conflict: icons',
      /no conflict 'icons'/,
    ],
    [
      'a record before an older one',
      'models/gpt/gpt-oss-20b.yaml',
      'since: "18.9"',
      'since: "18.3"',
      /does not follow 18\.7/,
    ],
    ['a family nobody knows', 'families.yaml', 'qwen:', 'qwenn:', /families\.yaml: /],
    ['a column without a setting', 'features.yaml', '  setting: code_completions\n', '', /setting belongs to columns/],
    [
      'a model on no platform',
      'models/gpt/gpt-5.yaml',
      'platforms: [azure-openai]',
      'platforms: []',
      /name a platform/,
    ],
    [
      'an architecture without layers',
      'architectures/llama-3-8b.yaml',
      'layers: 32\n',
      '',
      /llama-3-8b\.yaml: .*layers/s,
    ],
    [
      'more windowed layers than layers',
      'architectures/gpt-oss-20b.yaml',
      '  layers: 12\n',
      '  layers: 25\n',
      /25 of 24 layers/,
    ],
    ['broken YAML', 'releases.yaml', 'tiers: []', 'tiers: [', /releases\.yaml: /],
    [
      'a speed profile that is fitted to nothing',
      'speed-profiles.yaml',
      'standing: hand-set',
      'standing: calibrated',
      /says what it was fitted to/,
    ],
    ['a constant without a source', 'speed-profiles.yaml', 'source: aiconfigurator', '', /speed-profiles\.yaml/],
    ['a speed profile for no GPU', 'speed-profiles.yaml', '[h100, h200]', '[h101]', /no GPU is a 'h101'/],
    [
      'a reading of no profile',
      'speed-measurements.yaml',
      'profile: a100-v0',
      'profile: a100',
      /no speed profile 'a100'/,
    ],
    [
      'a row with a conflict nobody explains',
      'response-times.yaml',
      'medium-machine-mixtral-times',
      'x',
      /no conflict 'x'/,
    ],
    ['memory that is not count times size', 'response-times.yaml', '[80]', '[150]', /80 GB of GPU memory/],
    [
      'a token in a clone URL',
      'serving/vllm/mistral-7b-it-v0.3.yaml',
      '<your-hugging-face-token>',
      'hf_x',
      /placeholder/,
    ],
  ])('refuses %s and names the file', (_name, file, from, to, message) => {
    const folder = copyOfData()
    edit(folder, file, from, to)
    expect(() => generateCatalog(folder)).toThrow(message)
  })

  test('refuses a file whose name is no id', () => {
    const folder = copyOfData()
    renameSync(join(folder, 'models/gpt/gpt-4o.yaml'), join(folder, 'models/gpt/GPT 4o.yaml'))
    expect(() => generateCatalog(folder)).toThrow(/models\/gpt\/GPT 4o\.yaml: a data file is named after its id/)
  })
})
