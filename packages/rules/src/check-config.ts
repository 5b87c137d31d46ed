import type { Report } from './report.js'
import { type CheckConfigOptions, resolveConfiguration } from './resolve-configuration.js'

/**
 * Checks a configuration: its structure, every deployment, and every feature routed to one. Any input gives a report;
 * bad input never throws.
 *
 * @example
 * const report = checkConfig({
 *   platform: 'vllm',
 *   model: 'codestral-22b-v0.1',
 *   endpoint: 'http://gpu-1:8000',
 * })
 * report.ok // false
 * report.findings[0]?.rule // 'endpoint-missing-v1'
 */
export function checkConfig(input: unknown, options?: CheckConfigOptions): Report {
  return resolveConfiguration(input, options).report
}
