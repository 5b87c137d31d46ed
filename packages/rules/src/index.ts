export type { GpuId, MachineId, ModelId, SourceId } from './catalog/catalog.generated.js'
export { gpuIds, machineIds, modelIds, sourceIds } from './catalog/catalog.generated.js'
export { type Catalog, catalog } from './catalog/catalog.js'
export type { CatalogArchitecture, PublishedParameters } from './catalog/catalog-architecture.js'
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
export type {
  CalibrationErrors,
  ConstantOrigin,
  ErrorSummary,
  SpeedCalibration,
  SpeedConstant,
  SpeedConstants,
  SpeedInterval,
  SpeedProfile,
} from './catalog/speed-profile.js'
export { type SpeedProfileId, speedProfileIds } from './catalog/speed-profiles.generated.js'
export type { CatalogLookup } from './catalog-lookup.js'
export { checkConfig } from './check-config.js'
export { builtInRules } from './checks/index.js'
export { type CompatibilityQuestion, compatibility } from './compatibility.js'
export { configJsonSchema } from './config-json-schema.js'
export type {
  CustomDeploymentInput,
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
export type { DeploymentPlan } from './planning/deployment-plan.js'
export {
  type DeploymentPlanning,
  explainPlans,
  planDeployments,
  type RejectedLayout,
} from './planning/plan-deployments.js'
export type { PlanInput } from './planning/plan-input.js'
export { formatQuery } from './query/format-query.js'
export { parseQuery } from './query/parse-query.js'
export type { Query } from './query/query.js'
export { QueryError, type QueryErrorDetails } from './query/query-error.js'
export { queryModels } from './query/query-models.js'
export type { ReleaseSelection } from './release-selection.js'
export { renderDeployment, renderFormats } from './rendering/render-deployment.js'
export { RenderError, type RenderErrorCode } from './rendering/render-error.js'
export type { RenderFormat } from './rendering/render-format.js'
export type { Distribution, ModelCache, RenderOptions, SecretReference } from './rendering/render-options.js'
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
export { createStepTimeModel } from './sizing/create-step-time-model.js'
export { estimateMemory } from './sizing/estimate-memory.js'
export { type FittingChange, fittingChanges } from './sizing/fitting-changes.js'
export {
  HuggingFaceConfigError,
  type HuggingFaceConfigErrorCode,
  type HuggingFaceConfigErrorDetails,
} from './sizing/hugging-face-config/hugging-face-config-error.js'
export { type LargestConcurrency, largestConcurrency } from './sizing/largest-concurrency.js'
export { type LargestContext, largestContext } from './sizing/largest-context.js'
export type { MemoryCalibration } from './sizing/memory-calibration.js'
export type { GpuMemory, MemoryEstimate, ServingSettings } from './sizing/memory-estimate.js'
export type { DtypeName, KvCacheDtypeName, MemoryInput } from './sizing/memory-input.js'
export type {
  ComputeDtype,
  ExpertLayers,
  GlobalAttention,
  LatentAttention,
  LinearAttention,
  ModelArchitecture,
  QuantizationMethod,
  QuantizationSettings,
  SlidingWindow,
  SparseAttentionIndexer,
} from './sizing/model-architecture.js'
export { countParameters, type ParameterCount } from './sizing/parameter-count.js'
export type { PerformanceFigures } from './sizing/performance-figures.js'
export type { PerformanceInput, StepTimeInput } from './sizing/performance-input.js'
export type {
  Interval,
  PerformanceBasis,
  PerformancePrediction,
  PredictedWorkload,
} from './sizing/performance-prediction.js'
export { predictPerformance } from './sizing/predict-performance.js'
export { type ReadHuggingFaceConfigOptions, readHuggingFaceConfig } from './sizing/read-hugging-face-config.js'
export { readVllmStartupLog } from './sizing/read-vllm-startup-log.js'
export { SizingInputError, type SizingInputErrorDetails } from './sizing/sizing-input-error.js'
export {
  type GpuCountInput,
  type RejectedGpuCount,
  type SmallestGpuCount,
  smallestGpuCount,
} from './sizing/smallest-gpu-count.js'
export type {
  ComparedFigure,
  FigureComparison,
  StartupLog,
  StartupLogComparison,
  StartupLogMeasurement,
  StartupLogSettings,
} from './sizing/startup-log.js'
export { StartupLogError } from './sizing/startup-log-error.js'
export type { StepTimeModel } from './sizing/step-time-model.js'
export { type SplitOptions, validTensorParallelSizes } from './sizing/tensor-parallel.js'
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
