import type { ModelId } from './catalog/catalog.generated.js'
import { catalog } from './catalog/catalog.js'
import { compatibility, featureContext } from './compatibility.js'
import type { FeatureVerdict } from './feature-verdict.js'
import type { Finding, TextPosition } from './finding.js'
import { jsonPointer } from './json-pointer.js'
import type { ReadConfiguration } from './read-configuration.js'
import { assertionOf, type ReleaseSelection } from './release-selection.js'
import type { DeploymentReport, Report } from './report.js'
import type { ResolvedDeployment } from './resolved-configuration.js'
import type { DeploymentContext, FeatureContext, Rule } from './rule.js'
import { type JudgedFinding, judge } from './run-rule.js'
import { verdictOfLevel, worseVerdict } from './verdict.js'
import type { FeatureId, PlatformId, Severity, Verdict } from './vocabulary.js'

/** Everything a report is written from. */
export interface ReportInput {
  /** The configuration. */
  readonly read: ReadConfiguration
  /** The rules to run. */
  readonly rules: readonly Rule[]
  /** The models table that answers. */
  readonly release: ReleaseSelection
  /** Whether the release was stated. */
  readonly releaseStated: boolean
  /** Documented platforms and those the caller adds. */
  readonly knownPlatforms: readonly string[]
  /** Finds a pointer in the text. */
  readonly source: { positionOf(path: string): TextPosition | undefined } | undefined
}

/** Most findings one report holds; the last one then says how many were left out. */
export const maxFindings = 500

/** Runs the rules over what was read and writes the report. */
export function writeReport(input: ReportInput): Report {
  const findings: Finding[] = [...input.read.findings]
  let verdict: Verdict = findings.length > 0 ? 'invalid' : 'ok'
  const add = (judged: JudgedFinding) => {
    findings.push(judged.finding)
    verdict = worseVerdict(verdict, judged.verdict ?? 'ok')
  }
  for (const judged of checkWhole(input)) add(judged)
  const featuresOf = routedFeatures(input.read)
  const deployments: Record<string, DeploymentReport> = {}
  for (const deployment of Object.values(input.read.configuration.deployments)) {
    const report = checkDeployment(input, deployment, featuresOf.get(deployment.name) ?? [])
    deployments[deployment.name] = report
    findings.push(...report.findings)
    verdict = worseVerdict(verdict, report.verdict)
  }
  const ok = !findings.some(({ severity }) => severity === 'error')
  return { ok, verdict, findings: limited(findings.map((finding) => located(finding, input.source))), deployments }
}

function checkWhole({ read, rules, release, releaseStated }: ReportInput): JudgedFinding[] {
  const { configuration, deploymentNames, routes } = read
  const context = { release, releaseStated, configuration, deploymentNames, routes }
  return rules.flatMap((rule) =>
    rule.scope === 'configuration' || rule.scope === 'release' ? judge(rule, rule.check(context), '') : [],
  )
}

interface RoutedFeature {
  readonly id: FeatureId
  /** Pointer to the route, or to the model of a single deployment. */
  readonly path: string
}

function routedFeatures({ configuration, single }: ReadConfiguration): ReadonlyMap<string, RoutedFeature[]> {
  const routed = new Map<string, RoutedFeature[]>()
  for (const [id, names] of Object.entries(configuration.features)) {
    if (!isFeatureId(id)) continue
    const path = single ? '/model' : jsonPointer(['features', id])
    for (const name of new Set(names)) routed.set(name, [...(routed.get(name) ?? []), { id, path }])
  }
  return routed
}

function checkDeployment(
  input: ReportInput,
  deployment: ResolvedDeployment,
  features: readonly RoutedFeature[],
): DeploymentReport {
  const context = deploymentContext(input, deployment)
  const base = input.read.single ? '' : jsonPointer(['deployments', deployment.name])
  const judged: JudgedFinding[] = []
  for (const rule of input.rules)
    if (rule.scope === 'deployment' || rule.scope === 'model') judged.push(...judge(rule, rule.check(context), base))
  let verdict: Verdict = 'ok'
  const verdicts: Partial<Record<FeatureId, FeatureVerdict>> = {}
  for (const { id, path } of features) {
    const feature = featureContextOf(context, id)
    for (const rule of input.rules) if (rule.scope === 'feature') judged.push(...judge(rule, rule.check(feature), path))
    verdicts[id] = featureVerdict(feature, input)
    verdict = worseVerdict(verdict, verdictOfLevel[feature.level])
  }
  for (const entry of judged) verdict = worseVerdict(verdict, entry.verdict ?? 'ok')
  return { verdict, features: verdicts, findings: judged.map(({ finding }) => located(finding, input.source)) }
}

function deploymentContext(input: ReportInput, deployment: ResolvedDeployment): DeploymentContext {
  const { release, releaseStated, knownPlatforms, read } = input
  const { model, settings, platform } = deployment
  return {
    release,
    releaseStated,
    knownPlatforms,
    modelName: settings.model,
    model,
    assertion: model && assertionOf(model, release),
    platform,
    deployment,
    settings,
    gitlab: read.configuration.gitlab,
  }
}

// A platform the caller adds is on no page: the model's own level counts.
function featureContextOf(context: DeploymentContext, id: FeatureId): FeatureContext {
  const platform = Object.hasOwn(catalog.platforms, context.platform ?? '') ? context.platform : undefined
  return featureContext({ ...context, feature: catalog.features[id], platform })
}

function featureVerdict({ modelName, feature, platform }: FeatureContext, { release }: ReportInput): FeatureVerdict {
  return compatibility({
    model: (modelName ?? '') as ModelId,
    feature: feature.id,
    platform: platform as PlatformId | undefined,
    release: release.release,
  })
}

function isFeatureId(id: string): id is FeatureId {
  return Object.hasOwn(catalog.features, id)
}

function limited(findings: readonly Finding[]): readonly Finding[] {
  if (findings.length <= maxFindings) return findings
  const dropped = findings.slice(maxFindings - 1)
  return [...findings.slice(0, maxFindings - 1), tooMany(dropped)]
}

function tooMany(dropped: readonly Finding[]): Finding {
  const severities: readonly Severity[] = ['error', 'warning', 'info']
  const severity = severities.find((word) => dropped.some((finding) => finding.severity === word)) ?? 'info'
  return {
    rule: 'findings-left-out',
    severity,
    path: '',
    message: `${dropped.length} more findings were left out.`,
    fix: { description: 'Put the findings above right and check again.' },
    sources: [],
  }
}

function located(finding: Finding, source: ReportInput['source']): Finding {
  const position = source?.positionOf(finding.path)
  return position === undefined ? finding : { ...finding, position }
}
