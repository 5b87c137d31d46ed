import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import {
  type RenderErrorCode,
  type RenderFormat,
  type RenderOptions,
  renderDeployment,
  renderFormats,
} from '../../src/index.js'

const guide = readFileSync(new URL('../../../../docs/guides/deployment-files.md', import.meta.url), 'utf8')
const section = (title: string) => guide.split(/^## /m).find((part) => part.startsWith(`${title}\n`)) ?? ''
const blocks = (text: string) => [...text.matchAll(/^```\w+\n(.*?)^```$/gms)].map(([, block = '']) => block)
const firstCells = (text: string) => [...text.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, cell]) => cell)

const configuration = parse(blocks(guide)[1] ?? '')
const shown: readonly RenderFormat[] = ['vllm-serve', 'docker-compose', 'kubernetes', 'ai-gateway-env', 'gitlab-form']

test.each(shown)('%s is what the guide shows', (format) => {
  expect(blocks(section(`\`${format}\``))[0]).toBe(renderDeployment(configuration, format))
})

test('every format has a section, in order', () => {
  expect([...guide.matchAll(/^## `([\w-]+)`$/gm)].map(([, format]) => format)).toEqual(renderFormats)
})

test('every option and every code has a row', () => {
  const options: Record<keyof RenderOptions, true> = {
    deployment: true,
    name: true,
    namespace: true,
    image: true,
    port: true,
    modelPath: true,
    modelCache: true,
    apiKeySecret: true,
    huggingFaceTokenSecret: true,
    nodeSelector: true,
    spareGpus: true,
    startupTimeoutSeconds: true,
    distributed: true,
    nodesPerReplica: true,
    gitlabUrl: true,
    platforms: true,
  }
  const codes: Record<RenderErrorCode, true> = {
    'unknown-format': true,
    'invalid-option': true,
    'invalid-input': true,
    'unknown-deployment': true,
    'nothing-to-render': true,
    'does-not-fit': true,
    unsupported: true,
  }
  expect(firstCells(section('Options'))).toEqual(Object.keys(options))
  expect(firstCells(section('Refusals'))).toEqual(Object.keys(codes))
})

test('the README shows what is rendered', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  const example = /## Deployment files\n\n```ts\n(.*?)```/s.exec(readme)?.[1] ?? ''
  const text = [...example.matchAll(/^\/\/ (.*)$/gm)].map(([, line]) => line).join('\n')
  const input = {
    platform: 'vllm',
    model: 'mistral-7b-it-v0.3',
    endpoint: 'http://gpu-1:8000/v1',
    servedModelName: 'mistral',
  } as const
  expect(`${text}\n`).toBe(renderDeployment(input, 'vllm-serve'))
})
