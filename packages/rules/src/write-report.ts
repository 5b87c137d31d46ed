import { catalog } from './catalog/catalog.js'
import type { CatalogLookup } from './catalog-lookup.js'
import { builtInRules } from './checks/index.js'
import { compatibility, describeFeature, featureContext } from './compatibility.js'
import type { FeatureVerdict } from './feature-verdict.js'
import type { Finding, TextPosition } from './finding.js'
import { jsonPointer } from './json-pointer.js'
import { knownFamilyOf } from './product-gate.js'
import type { ReadConfiguration } from './read-configuration.js'
import { assertionOf, type ReleaseSelection } from './release-selection.js'
import type { DeploymentReport, Report } from './report.js'
import type { ResolvedDeployment } from './resolved-configuration.js'
import type { ConfigurationContext, DeploymentContext, FeatureContext, Rule } from './rule.js'
import { planRules, type RulePlan } from './rule-plan.js'
import { type JudgedFinding, runRules } from './run-rule.js'
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
  /** How rules find models, GPUs and platforms. */
  readonly lookup: CatalogLookup
  /** Finds a pointer in the text. */
  readonly source: { positionOf(path: string): TextPosition | undefined } | undefined
}

/** Most findings one report holds; the last one then says how many were left out. */
const maxFindings = 500

/** Runs the rules over what was read and writes the report. */
export function writeReport(input: ReportInput): Report {
  const { read, source } = input
  const plan = planRules(input.rules)
  const judged: JudgedFinding[] = []
  runRules(plan.whole, wholeContext(input), '', judged)
  const findings = [...read.findings, ...findingsOf(judged)]
  let verdict = worstVerdict(judged, read.findings.length > 0 ? 'invalid' : 'ok')
  const featuresOf = routedFeatures(read)
  const deployments: Record<string, DeploymentReport> = {}
  for (const deployment of Object.values(read.configuration.deployments)) {
    const report = checkDeployment(input, plan, deployment, featuresOf.get(deployment.name) ?? noFeatures)
    deployments[deployment.name] = report
    for (const finding of report.findings) findings.push(finding)
    verdict = worseVerdict(verdict, report.verdict)
  }
  const ok = !findings.some(({ severity }) => severity === 'error')
  return { ok, verdict, findings: limited(locatedAll(findings, source)), deployments }
}

function wholeContext({ read, release, releaseStated, lookup }: ReportInput): ConfigurationContext {
  const { configuration, deploymentNames, routes } = read
  return { release, releaseStated, lookup, gitlab: configuration.gitlab, configuration, deploymentNames, routes }
}

function findingsOf(judged: readonly JudgedFinding[]): readonly Finding[] {
  return judged.map(({ finding }) => finding)
}

function worstVerdict(judged: readonly JudgedFinding[], start: Verdict): Verdict {
  return judged.reduce((worst, entry) => worseVerdict(worst, entry.verdict ?? 'ok'), start)
}

const noFeatures: readonly RoutedFeature[] = []

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
  plan: RulePlan,
  deployment: ResolvedDeployment,
  features: readonly RoutedFeature[],
): DeploymentReport {
  const context = deploymentContext(input, deployment)
  const judged: JudgedFinding[] = []
  runRules(plan.deployment, context, input.read.single ? '' : jsonPointer(['deployments', deployment.name]), judged)
  let verdict: Verdict = 'ok'
  const verdicts: Partial<Record<FeatureId, FeatureVerdict>> = {}
  for (const { id, path } of features) {
    const feature = featureContextOf(context, id)
    runRules(plan.feature, feature, path, judged)
    verdicts[id] = featureVerdict(feature, input)
    verdict = worseVerdict(verdict, verdictOfLevel[feature.level])
  }
  const findings = locatedAll(findingsOf(judged), input.source)
  return { verdict: worstVerdict(judged, verdict), features: verdicts, findings }
}

function deploymentContext(input: ReportInput, deployment: ResolvedDeployment): DeploymentContext {
  const { release, releaseStated, knownPlatforms, lookup, read } = input
  const { model, settings, platform } = deployment
  return {
    release,
    releaseStated,
    lookup,
    knownPlatforms,
    modelName: settings.model,
    model,
    family: settings.modelFamily ?? knownFamilyOf(model),
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
  // Spelled out, because a spread of this many keys is the dearest step of a check.
  const { release, releaseStated, gitlab, lookup, modelName, model, family, deployment } = context
  const feature = catalog.features[id]
  return featureContext({
    release,
    releaseStated,
    gitlab,
    lookup,
    modelName,
    model,
    family,
    platform,
    deployment,
    feature,
  })
}

function featureVerdict(context: FeatureContext, { release, rules }: ReportInput): FeatureVerdict {
  const { model, feature, platform } = context
  // The remembered verdicts are those of the built-in rules and models.
  if (rules !== builtInRules || (model !== undefined && !Object.hasOwn(catalog.models, model.id)))
    return describeFeature(context, rules)
  // A model that only a family names, or nobody knows, is in no table that could be remembered.
  if (model === undefined || !isPlatformId(platform)) return describeFeature(context)
  return compatibility({ model: model.id, feature: feature.id, platform, release: release.release })
}

function isPlatformId(platform: string | undefined): platform is PlatformId | undefined {
  return platform === undefined || Object.hasOwn(catalog.platforms, platform)
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

function locatedAll(findings: readonly Finding[], source: ReportInput['source']): readonly Finding[] {
  if (source === undefined) return findings
  return findings.map((finding) => {
    const position = finding.position ?? source.positionOf(finding.path)
    return position === undefined ? finding : { ...finding, position }
  })
}
