import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { catalog } from '../src/index.js'
import { linkTexts, readLink, readTable, sectionOf, type TableRow, withoutIcon } from './markdown-table.js'

const read = (name: string) => readFileSync(new URL(`./fixtures/${name}`, import.meta.url), 'utf8')
const modelsPage = read('models-page-18.2.md')
const platformsPage = read('platforms-page-17.9.md')
const platformNames = { vLLM: 'vllm', 'AWS Bedrock': 'bedrock', 'Azure OpenAI': 'azure-openai' } as Record<
  string,
  string
>
const huggingFace = 'https://huggingface.co/'

const graded = {
  'Fully compatible': 'full',
  'Largely compatible': 'partial',
  'Not compatible': 'none',
  'Not applicable': 'not-applicable',
} as Record<string, string>
const configurable = { Yes: 'yes', No: 'no' } as Record<string, string>

// The tables spell their titles in two ways; a missing title must fail, never match an empty cell.
function cell(row: TableRow, ...titles: string[]): string {
  const title = titles.find((name) => row[name] !== undefined)
  if (title === undefined) throw new Error(`No column ${titles.join(' or ')} in ${Object.keys(row).join(', ')}`)
  return row[title] ?? ''
}

function documentedModel(row: TableRow, heading: string, words: Record<string, string>, status: string) {
  const { text, url } = readLink(cell(row, 'Model'))
  const level = (column: string) => words[withoutIcon(cell(row, column))]
  return {
    name: text,
    link: url,
    family: cell(row, 'Model Family', 'Model family'),
    platforms: linkTexts(cell(row, 'Supported Platforms', 'Supported platforms'))
      .map((name) => platformNames[name])
      .sort(),
    heading,
    status,
    levels: {
      'code-completion': level('Code completion'),
      'code-generation': level('Code generation'),
      'duo-chat': level('GitLab Duo Chat'),
    },
  }
}

function catalogedModels() {
  return Object.values(catalog.models).flatMap((model) =>
    model.assertions
      .filter(({ since }) => since === '18.2')
      .map(({ family, platforms, heading, status, levels, name }) => ({
        name: name ?? model.name,
        link: model.huggingFaceId === undefined ? model.vendorUrl : huggingFace + model.huggingFaceId,
        family,
        platforms: [...platforms].sort(),
        heading,
        status,
        levels,
      })),
  )
}

const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1)

describe('models page of GitLab 18.2', () => {
  const experimental = sectionOf(modelsPage, 'Experimental and beta models')

  test('every model, link, platform, status and level is the catalog, and the catalog holds nothing else', () => {
    const generallyAvailable = readTable(sectionOf(modelsPage, 'Supported models'))
    const others = readTable(experimental)
    expect(generallyAvailable).toHaveLength(15)
    expect(others).toHaveLength(7)
    const documented = [
      ...generallyAvailable.map((row) => documentedModel(row, 'Supported models', graded, 'generally-available')),
      ...others.map((row) =>
        documentedModel(row, 'Experimental and beta models', configurable, cell(row, 'Status').toLowerCase()),
      ),
    ]
    expect(catalogedModels().sort(byName)).toEqual(documented.sort(byName))
  })

  test('the wording of every level is the view of the release', () => {
    const view = catalog.releases['18.2']?.view
    const inverted = (words: Record<string, string>) =>
      Object.fromEntries(Object.entries(words).map(([a, b]) => [b, a]))
    expect(view?.gradedWording).toEqual(inverted(graded))
    expect(view?.configurableWording).toEqual(inverted(configurable))
  })

  test('every GPU row', () => {
    const rows = readTable(sectionOf(modelsPage, 'GPU requirements by model size')).map((row) => {
      const label = /^(.*?)(?:<br>\(for example, (.*)\))?$/.exec(cell(row, 'Model size'))
      const gpu = /^(\d+)x NVIDIA A100 \((\d+) GB\)$/.exec(cell(row, 'Minimum GPU configuration'))
      return {
        label: label?.[1],
        example: label?.[2],
        gpuCount: Number(gpu?.[1]),
        gpu: `a100-${gpu?.[2]}gb`,
        minimumVramGB: Number(/^(\d+) GB$/.exec(cell(row, 'Minimum VRAM required'))?.[1]),
      }
    })
    const cataloged = catalog.hardwareRequirements.gpuRows.map(({ label, example, gpuCount, gpu, minimumVramGB }) => ({
      label,
      example,
      gpuCount,
      gpu,
      minimumVramGB,
    }))
    expect(rows).toHaveLength(4)
    expect(cataloged).toEqual(rows)
    for (const row of catalog.hardwareRequirements.gpuRows)
      expect(catalog.gpus[row.gpu].memoryGB).toBe(Number(/(\d+)gb/.exec(row.gpu)?.[1]))
  })

  test('the base system', () => {
    const text = sectionOf(modelsPage, 'Base system requirements')
    const { baseSystem } = catalog.hardwareRequirements
    expect(text).toContain(`Minimum: ${baseSystem.minimumCpuCores} cores (${baseSystem.minimumCpuThreads} threads)`)
    expect(text).toContain(`Recommended: ${baseSystem.recommendedCpuCores}+ cores for production`)
    expect(text).toContain(`Minimum: ${baseSystem.minimumRamGB} GB\n`)
    expect(text).toContain(`Recommended: ${baseSystem.recommendedRamGB} GB for most models`)
    expect(text).toContain(`${baseSystem.storage.toUpperCase()} with sufficient space`)
    expect([...text.matchAll(/\d+/g)].map(Number)).toEqual([
      baseSystem.minimumCpuCores,
      baseSystem.minimumCpuThreads,
      baseSystem.recommendedCpuCores,
      baseSystem.minimumRamGB,
      baseSystem.recommendedRamGB,
    ])
  })

  test('all 18 response-time rows', () => {
    const documented = ['small', 'medium', 'large'].flatMap((machine) => {
      const title = `${machine.charAt(0).toUpperCase()}${machine.slice(1)} machine`
      return readTable(sectionOf(modelsPage, title)).map((row) => ({
        machine,
        documentedModel: cell(row, 'Model name'),
        requests: Number(cell(row, 'Number of requests')),
        secondsPerRequest: Number(cell(row, 'Average time per request (sec)')),
        tokensPerResponse: Number(cell(row, 'Average tokens in response')),
        tokensPerSecondPerRequest: Number(cell(row, 'Average tokens per second per request')),
        totalSeconds: Number(cell(row, 'Total time for requests', 'Total time for requests (sec)')),
        totalTokensPerSecond: Number(cell(row, 'Total TPS')),
      }))
    })
    expect(documented).toHaveLength(18)
    expect(
      catalog.responseTimes.map(
        ({ model: _model, source: _source, heading: _heading, conflict: _conflict, ...row }) => row,
      ),
    ).toEqual(documented)
    for (const { model, documentedModel } of catalog.responseTimes)
      expect(catalog.models[model].huggingFaceId).toMatch(new RegExp(`/${documentedModel}$`))
  })

  test('the machines above the response-time tables', () => {
    for (const machine of catalog.responseTimeMachines) {
      const line =
        sectionOf(modelsPage, machine.heading ?? '')
          .trim()
          .split('\n')[0] ?? ''
      const match = /`(.*?)` \((\d+) ?x N[Vv][Ii][Dd][Ii][Aa] A100 (\d+) GB - (\d+) GB vRAM\)/.exec(line)
      expect(match?.slice(1)).toEqual([
        machine.documentedMachine,
        String(machine.gpuCount),
        String(catalog.gpus[machine.documentedGpu].memoryGB),
        String(machine.docStatedVramGB),
      ])
    }
    expect(catalog.responseTimeMachines).toHaveLength(3)
  })

  test('tier and add-on', () => {
    const release = catalog.releases['18.2']
    expect(/- Tier: (.*)/.exec(modelsPage)?.[1]?.toLowerCase().split(', ')).toEqual(release?.tiers)
    expect(/- Add-on: (.*)/.exec(modelsPage)?.[1]).toBe('GitLab Duo Enterprise')
    expect(release?.addOn).toBe('duo-enterprise')
  })
})

describe('platforms page of GitLab 17.9', () => {
  test('tier, add-on and status', () => {
    const release = catalog.releases['17.8']
    expect(platformsPage).toContain('**Tier:** Ultimate with GitLab Duo Enterprise')
    expect(/\*\*Status:\*\* (.*)/.exec(platformsPage)?.[1]?.toLowerCase()).toBe(release?.status)
    expect(release?.tiers).toEqual(['ultimate'])
    expect(release?.addOn).toBe('duo-enterprise')
  })

  test('the vLLM minimum and the Bedrock variables', () => {
    const [minimum] = catalog.platforms.vllm.requirements.minimumVersions
    expect(/\[version v(\S+)\]/.exec(platformsPage)?.[1]).toBe(minimum?.version)
    expect(platformsPage).toMatch(/You should install \[version/)
    expect(minimum?.strength).toBe('advised')
    const printed = new Set(platformsPage.match(/AWS_[A-Z_]+/g))
    const first = catalog.platforms.bedrock.requirements.credentials.map(({ names }) => names[0])
    expect(first).toEqual([...printed])
  })

  test('both recipes, argument by argument', () => {
    const documented = ['Mistral-7B-Instruct-v0.2', 'Mixtral-8x7B-Instruct-v0.1'].map(documentedRecipe)
    const cataloged = catalog.servings.flatMap(({ recipe }) => (recipe === undefined ? [] : [recipe]))
    expect(
      cataloged.map(({ docHeading, download, preparation, modelPath, options }) => ({
        docHeading,
        download,
        preparation,
        modelPath,
        options,
      })),
    ).toEqual(documented)
    for (const { download, huggingFaceId } of cataloged) expect(download).toMatch(new RegExp(`/${huggingFaceId}$`))
  })
})

function documentedRecipe(docHeading: string) {
  const blocks = [...sectionOf(platformsPage, docHeading).matchAll(/```shell\n([\s\S]*?)```/g)].map((match) =>
    (match[1] ?? '')
      .replace(/\\\n/g, ' ')
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean),
  )
  const lines = blocks.flat()
  const words = (lines.find((line) => line.startsWith('vllm serve')) ?? '').split(/\s+/).slice(2)
  const options: { name: string; value: string }[] = []
  for (let index = 1; index < words.length; index += 2)
    options.push({
      name: (words[index] ?? '').replace(/^--/, '').replaceAll('_', '-'),
      value: (words[index + 1] ?? '').replace(/\/$/, ''),
    })
  return {
    docHeading,
    download: lines.find((line) => line.startsWith('git clone')),
    preparation: lines.filter((line) => line.startsWith('cp ')),
    modelPath: words[0],
    options,
  }
}
