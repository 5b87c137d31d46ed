export type { GpuId, MachineId, ModelId, SourceId } from './catalog/catalog.generated.js'
export { gpuIds, machineIds, modelIds, sourceIds } from './catalog/catalog.generated.js'
export { type Catalog, catalog } from './catalog/catalog.js'
export type { CatalogFamily } from './catalog/catalog-family.js'
export type { AllowedFamilies, CatalogFeature, FeatureState } from './catalog/catalog-feature.js'
export type { CatalogModel, ModelAssertion, ModelLifecycle, ModelRemoval } from './catalog/catalog-model.js'
export type {
  CatalogPlatform,
  CredentialVariable,
  MinimumVersion,
  PlatformNote,
  PlatformRequirements,
} from './catalog/catalog-platform.js'
export type {
  BaseSystemRequirements,
  Gpu,
  GpuRequirement,
  GpuVllmSupport,
  HardwareRequirements,
  Machine,
  ResponseTime,
  ResponseTimeMachine,
} from './catalog/hardware.js'
export type { ProductState, Release, ReleaseView } from './catalog/release.js'
export type { BedrockLifecycle, BedrockModel, ServeOption, ServeRecipe, Serving } from './catalog/serving.js'
export type { ConflictSide, Source, SourceConflict, SourceReference } from './catalog/source.js'
export type { CatalogLookup } from './catalog-lookup.js'
export { checkConfig } from './check-config.js'
export { builtInRules } from './checks/index.js'
export { type CompatibilityQuestion, compatibility } from './compatibility.js'
export { configJsonSchema } from './config-json-schema.js'
export type {
  DeploymentInput,
  DeploymentSettings,
  DuoModelsConfiguration,
  GitLabSettings,
  HardwareSettings,
  ModelName,
  ServerSettings,
} from './configuration.js'
export { configSchema } from './configuration.js'
export { createRulesEngine, type RulesEngine, type RulesEngineOptions } from './engine/create-rules-engine.js'
export {
  defineModel,
  type GpuDefinition,
  type ModelDefinition,
  type PlatformDefinition,
} from './engine/definitions.js'
export type { FeatureVerdict, ProductGate } from './feature-verdict.js'
export { type FindModelResult, findModel } from './find-model.js'
export type { FactReference, Finding, Fix, JsonPatchOperation, TextPosition } from './finding.js'
export {
  type FormatReportOptions,
  type FormatReportsOptions,
  formatReport,
  formatReports,
  reportFormats,
} from './format-report.js'
export type { ReportEntry, ReportSource } from './formats/report-entry.js'
export type { ReportFormat } from './formats/report-writers.js'
export { structureRules } from './formats/structure-rules.js'
export type { GitLabVersion } from './gitlab-version.js'
export type { KnownGpu } from './hardware-facts.js'
export { comparePep440, type Pep440Version, parsePep440 } from './pep440.js'
export { formatQuery } from './query/format-query.js'
export { parseQuery } from './query/parse-query.js'
export type { Query } from './query/query.js'
export { QueryError, type QueryErrorDetails } from './query/query-error.js'
export { queryModels } from './query/query-models.js'
export type { ReleaseSelection } from './release-selection.js'
export type { DeploymentReport, Report } from './report.js'
export { type CheckConfigOptions, type ConfigurationResult, resolveConfiguration } from './resolve-configuration.js'
export type { ResolvedConfiguration, ResolvedDeployment } from './resolved-configuration.js'
export type {
  ConfigurationContext,
  ConfigurationRule,
  DeploymentContext,
  DeploymentRule,
  FeatureContext,
  FeatureRule,
  ModelContext,
  ModelRule,
  Problem,
  ReleaseRule,
  Rule,
  RuleContext,
  RuleResult,
} from './rule.js'
export { defineRule } from './rule.js'
export type { RuleNeed } from './rule-needs.js'
export { type ModelFilter, type ModelMatch, selectModels } from './select-models.js'
export { verdictPrecedence } from './verdict.js'
export type {
  ConfigurableSupportLevel,
  FamilyKey,
  FeatureColumnId,
  FeatureId,
  FeatureSettingKey,
  GradedSupportLevel,
  PlatformId,
  Severity,
  SupportLevel,
  SupportStatus,
  Tier,
  Verdict,
} from './vocabulary.js'
