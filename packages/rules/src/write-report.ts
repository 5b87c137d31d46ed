import type { CatalogLookup } from './catalog-lookup.js'
import { addScratch } from './checks/deployment-scratch.js'
import { judgeFeature, recallModel } from './feature-judgement.js'
import type { FeatureVerdict } from './feature-verdict.js'
import type { Finding, TextPosition } from './finding.js'
import { jsonPointer } from './json-pointer.js'
import { knownFamilyOf } from './product-gate.js'
import type { ReadConfiguration } from './read-configuration.js'
import { assertionOf, type ReleaseSelection } from './release-selection.js'
import type { DeploymentReport, Report } from './report.js'
import type { ResolvedDeployment } from './resolved-configuration.js'
import type { ConfigurationContext, DeploymentContext, Rule } from './rule.js'
import { type NeedSet, statedByDeployment, statedByGitLab } from './rule-needs.js'
import { planRules, type RulePlan } from './rule-plan.js'
import { atRoot, type JudgedFinding, rebaseFinding, runRules } from './run-rule.js'
import { verdictOfLevel, worseVerdict } from './verdict.js'
import type { FeatureId, Severity, Verdict } from './vocabulary.js'

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
  const { deployments: resolved, gitlab } = read.configuration
  const plan = planRules(input.rules)
  const stated = statedByGitLab(gitlab)
  const judged: JudgedFinding[] = []
  runRules(plan.whole(stated), wholeContext(input), atRoot, judged)
  const findings = [...read.findings]
  for (const { finding } of judged) findings.push(finding)
  let verdict = worstVerdict(judged, read.findings.length > 0 ? 'invalid' : 'ok')
  const featuresOf = routedFeatures(read)
  const deployments: Record<string, DeploymentReport> = {}
  for (const deployment of Object.values(resolved)) {
    const report = checkDeployment(input, plan, stated, deployment, featuresOf.get(deployment.name) ?? noFeatures)
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

function worstVerdict(judged: readonly JudgedFinding[], start: Verdict): Verdict {
  let worst = start
  for (const { verdict } of judged) if (verdict !== undefined) worst = worseVerdict(worst, verdict)
  return worst
}

const noFeatures: readonly FeatureId[] = []

/** The features asked of each deployment. */
function routedFeatures({ configuration }: ReadConfiguration): ReadonlyMap<string, readonly FeatureId[]> {
  const routed = new Map<string, FeatureId[]>()
  const { features } = configuration
  // Only documented features are in a read configuration.
  for (const id of Object.keys(features) as FeatureId[])
    for (const name of features[id] ?? []) addRoute(routed, name, id)
  return routed
}

function addRoute(routed: Map<string, FeatureId[]>, name: string, feature: FeatureId): void {
  const before = routed.get(name)
  if (before === undefined) routed.set(name, [feature])
  // A route that repeats a deployment asks it for the feature once.
  else if (before.at(-1) !== feature) before.push(feature)
}

function checkDeployment(
  input: ReportInput,
  plan: RulePlan,
  statedForAll: NeedSet,
  deployment: ResolvedDeployment,
  features: readonly FeatureId[],
): DeploymentReport {
  const { single } = input.read
  const context = deploymentContext(input, deployment)
  addScratch(context)
  const known = recallModel(context, input.rules)
  const stated = statedForAll | statedByDeployment(deployment.settings)
  const select = known?.quiet === true ? plan.deploymentAlone : plan.deployment
  const judged: JudgedFinding[] = []
  const baseOf = single ? atRoot : () => jsonPointer(['deployments', deployment.name])
  runRules(select(stated, deployment.platform), context, baseOf, judged)
  let verdict: Verdict = 'ok'
  const verdicts: Partial<Record<FeatureId, FeatureVerdict>> = {}
  for (const id of features) {
    const judgement = judgeFeature(context, id, input.rules, known)
    for (const entry of judgement.judged) judged.push(rebaseFinding(entry, single ? '/model' : `/features/${id}`))
    verdicts[id] = judgement.verdict
    verdict = worseVerdict(verdict, verdictOfLevel[judgement.verdict.level])
  }
  const findings: Finding[] = []
  for (const { finding } of judged) findings.push(finding)
  return { verdict: worstVerdict(judged, verdict), features: verdicts, findings: locatedAll(findings, input.source) }
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
