import { describe, expect, test } from 'vitest'
import { checkConfig } from './check-config.js'
import { builtInRules } from './checks/index.js'
import { configJsonSchema } from './config-json-schema.js'
import { formatReport } from './format-report.js'

const rules = builtInRules.filter(({ id }) => id === 'endpoint-missing-v1')
const report = checkConfig({ platform: 'vllm', model: 'codestral-22b-v0.1', endpoint: 'http://gpu-1:8000' }, { rules })

describe('formatReport', () => {
  test('json is the report', () => {
    expect(JSON.parse(formatReport(report, 'json'))).toEqual(JSON.parse(JSON.stringify(report)))
  })

  test('pretty says where, what, how to fix it and the verdict', () => {
    const text = formatReport(report, 'pretty')
    expect(text).toContain('error  /endpoint  endpoint-missing-v1')
    expect(text).toContain('Fix: Append /v1.')
    expect(text).toContain('not ok: invalid, 1 error, 0 warnings')
    expect(text).not.toContain('\u001b')
  })

  test('colours only when asked', () => {
    expect(formatReport(report, 'pretty', { color: true })).toContain('\u001b[31merror')
  })

  test('control characters of the input never reach the terminal', () => {
    const hostile = checkConfig({ deployments: { 'a\u001b[2J': { platform: '\u001b[31m', model: 'x\u0007' } } })
    expect(formatReport(hostile, 'pretty')).not.toContain('\u001b')
  })

  test('another format is refused by name', () => {
    expect(() => formatReport(report, 'xml' as 'json')).toThrow(/no report format 'xml'/)
  })
})

describe('configJsonSchema', () => {
  test('is draft 2020-12, strict, and describes every field', () => {
    expect(configJsonSchema['$schema']).toBe('https://json-schema.org/draft/2020-12/schema')
    const text = JSON.stringify(configJsonSchema)
    expect(text).toContain('"additionalProperties":false')
    expect(text).toContain('Name the server answers to')
  })
})
