import type { Rule } from '../rule.js'
import { addOnMissing } from './add-on-missing.js'
import { apiKeyIgnored } from './api-key-ignored.js'
import { apiKeyTooLong } from './api-key-too-long.js'
import { awsBearerTokenNotInVersion } from './aws-bearer-token-not-in-version.js'
import { awsCredentialsMissing } from './aws-credentials-missing.js'
import { awsRegionMalformed } from './aws-region-malformed.js'
import { awsRegionMismatch } from './aws-region-mismatch.js'
import { awsRegionVariableNotChecked } from './aws-region-variable-not-checked.js'
import { awsRegionVariablesDiffer } from './aws-region-variables-differ.js'
import { awsTemporaryCredentialsUnsupported } from './aws-temporary-credentials-unsupported.js'
import { azureEndpointHasOperationPath } from './azure-endpoint-has-operation-path.js'
import { bedrockArnNeedsConverse } from './bedrock-arn-needs-converse.js'
import { bedrockGuardrailConfigInvalid } from './bedrock-guardrail-config-invalid.js'
import { bedrockModelIdNamesOtherModel } from './bedrock-model-id-names-other-model.js'
import { bedrockNeedsInferenceProfile } from './bedrock-needs-inference-profile.js'
import { bedrockRegionPrefixMismatch } from './bedrock-region-prefix-mismatch.js'
import { betaTermsNotAccepted } from './beta-terms-not-accepted.js'
import { cpuBelowMinimum } from './cpu-below-minimum.js'
import { cpuBelowRecommended } from './cpu-below-recommended.js'
import { dapUrlHasScheme } from './dap-url-has-scheme.js'
import { dapUrlMalformed } from './dap-url-malformed.js'
import { deploymentUnknown } from './deployment-unknown.js'
import { endpointHasCredentials } from './endpoint-has-credentials.js'
import { endpointHasOperationPath } from './endpoint-has-operation-path.js'
import { endpointLocalhostFromGateway } from './endpoint-localhost-from-gateway.js'
import { endpointMissingV1 } from './endpoint-missing-v1.js'
import { endpointRepeated } from './endpoint-repeated.js'
import { endpointSchemeNotHttp } from './endpoint-scheme-not-http.js'
import { endpointTooLongForGateway } from './endpoint-too-long-for-gateway.js'
import { endpointTrailingSlash } from './endpoint-trailing-slash.js'
import { familyBetaInProduct } from './family-beta-in-product.js'
import { familyNotAllowedForFeature } from './family-not-allowed-for-feature.js'
import { featureJudgedByColumn } from './feature-judged-by-column.js'
import { featureLargelyCompatible } from './feature-largely-compatible.js'
import { featureNotApplicable } from './feature-not-applicable.js'
import { featureNotCompatible } from './feature-not-compatible.js'
import { featureNotDocumented } from './feature-not-documented.js'
import { featureNotInVersion } from './feature-not-in-version.js'
import { featureNotOffered } from './feature-not-offered.js'
import { featureUnknown } from './feature-unknown.js'
import { gatewayAuthBypassed } from './gateway-auth-bypassed.js'
import { gatewayCustomModelsDisabled } from './gateway-custom-models-disabled.js'
import { gatewayExtraHeadersInvalid } from './gateway-extra-headers-invalid.js'
import { gatewayGitLabUrlMalformed } from './gateway-gitlab-url-malformed.js'
import { gatewayGitLabUrlMissing } from './gateway-gitlab-url-missing.js'
import { gatewayImageTagNotExplicit } from './gateway-image-tag-not-explicit.js'
import { gatewayModelTimeoutShorter } from './gateway-model-timeout-shorter.js'
import { gatewayPortalUrlMissing } from './gateway-portal-url-missing.js'
import { gatewaySigningKeysIncomplete } from './gateway-signing-keys-incomplete.js'
import { gatewayStreamingDisabled } from './gateway-streaming-disabled.js'
import { gatewayTimeoutNotInVersion } from './gateway-timeout-not-in-version.js'
import { gatewayTimeoutOutOfRange } from './gateway-timeout-out-of-range.js'
import { gatewayUrlHasCredentials } from './gateway-url-has-credentials.js'
import { gatewayUrlLocalhost } from './gateway-url-localhost.js'
import { gatewayUrlPrivateAddress } from './gateway-url-private-address.js'
import { gatewayUrlSchemeNotHttp } from './gateway-url-scheme-not-http.js'
import { gatewayUrlTooLong } from './gateway-url-too-long.js'
import { gatewayVariableMisplaced } from './gateway-variable-misplaced.js'
import { gatewayVariableUnknown } from './gateway-variable-unknown.js'
import { gatewayVersionMismatch } from './gateway-version-mismatch.js'
import { gpuBelowMinimum } from './gpu-below-minimum.js'
import { gpuUnknown } from './gpu-unknown.js'
import { hardwareNotApplicable } from './hardware-not-applicable.js'
import { hardwareRequirementNotDocumented } from './hardware-requirement-not-documented.js'
import { hardwareSourceConflict } from './hardware-source-conflict.js'
import { identifierMissingPrefix } from './identifier-missing-prefix.js'
import { identifierProviderPlatformMismatch } from './identifier-provider-platform-mismatch.js'
import { identifierServedNameMismatch } from './identifier-served-name-mismatch.js'
import { identifierTooLong } from './identifier-too-long.js'
import { identifierUnknownProvider } from './identifier-unknown-provider.js'
import { identifierWithoutName } from './identifier-without-name.js'
import { levelSourceConflict } from './level-source-conflict.js'
import { managedModelNeedsInternet } from './managed-model-needs-internet.js'
import { modelBeta } from './model-beta.js'
import { modelCompatibleOnly } from './model-compatible-only.js'
import { modelDeprecated } from './model-deprecated.js'
import { modelExperimental } from './model-experimental.js'
import { modelFamilyMismatch } from './model-family-mismatch.js'
import { modelNameLookAlike } from './model-name-look-alike.js'
import { modelNotListed } from './model-not-listed.js'
import { platformInferred } from './platform-inferred.js'
import { platformNotListedForModel } from './platform-not-listed-for-model.js'
import { platformUnknown } from './platform-unknown.js'
import { ramBelowMinimum } from './ram-below-minimum.js'
import { ramBelowRecommended } from './ram-below-recommended.js'
import { routeRepeatsDeployment } from './route-repeats-deployment.js'
import { serveArgsConflict } from './serve-args-conflict.js'
import { serveArgsMalformed } from './serve-args-malformed.js'
import { servedNameHasProvider } from './served-name-has-provider.js'
import { tensorParallelExceedsGpus } from './tensor-parallel-exceeds-gpus.js'
import { tierNotEntitled } from './tier-not-entitled.js'
import { versionNewerThanData } from './version-newer-than-data.js'
import { versionNotGa } from './version-not-ga.js'
import { versionOlderThanData } from './version-older-than-data.js'
import { vllmBelowMinimum } from './vllm-below-minimum.js'
import { vllmChatTemplateMissing } from './vllm-chat-template-missing.js'
import { vllmOptionDeprecated } from './vllm-option-deprecated.js'
import { vllmRequestLogging } from './vllm-request-logging.js'
import { vramBelowMinimum } from './vram-below-minimum.js'

/** Every rule of this package, in the order their findings are listed. */
export const builtInRules: readonly Rule[] = [
  versionNewerThanData,
  versionOlderThanData,
  versionNotGa,
  tierNotEntitled,
  addOnMissing,
  modelNotListed,
  platformUnknown,
  platformNotListedForModel,
  platformInferred,
  modelExperimental,
  modelBeta,
  modelDeprecated,
  modelCompatibleOnly,
  familyBetaInProduct,
  managedModelNeedsInternet,
  featureNotCompatible,
  featureLargelyCompatible,
  featureNotApplicable,
  featureNotOffered,
  featureNotInVersion,
  featureNotDocumented,
  featureJudgedByColumn,
  levelSourceConflict,
  familyNotAllowedForFeature,
  betaTermsNotAccepted,
  featureUnknown,
  deploymentUnknown,
  endpointSchemeNotHttp,
  endpointMissingV1,
  endpointHasOperationPath,
  endpointTrailingSlash,
  vllmBelowMinimum,
  vramBelowMinimum,
  gpuBelowMinimum,
  hardwareSourceConflict,
  hardwareRequirementNotDocumented,
  hardwareNotApplicable,
  gpuUnknown,
  cpuBelowMinimum,
  cpuBelowRecommended,
  ramBelowMinimum,
  ramBelowRecommended,
  tensorParallelExceedsGpus,
  modelNameLookAlike,
  modelFamilyMismatch,
  identifierMissingPrefix,
  identifierProviderPlatformMismatch,
  identifierServedNameMismatch,
  identifierTooLong,
  identifierUnknownProvider,
  identifierWithoutName,
  servedNameHasProvider,
  routeRepeatsDeployment,
  endpointHasCredentials,
  endpointLocalhostFromGateway,
  endpointRepeated,
  endpointTooLongForGateway,
  azureEndpointHasOperationPath,
  apiKeyIgnored,
  apiKeyTooLong,
  awsBearerTokenNotInVersion,
  awsCredentialsMissing,
  awsRegionMalformed,
  awsRegionMismatch,
  awsRegionVariableNotChecked,
  awsRegionVariablesDiffer,
  awsTemporaryCredentialsUnsupported,
  bedrockArnNeedsConverse,
  bedrockGuardrailConfigInvalid,
  bedrockModelIdNamesOtherModel,
  bedrockNeedsInferenceProfile,
  bedrockRegionPrefixMismatch,
  serveArgsConflict,
  serveArgsMalformed,
  vllmChatTemplateMissing,
  vllmOptionDeprecated,
  vllmRequestLogging,
  gatewayAuthBypassed,
  gatewayCustomModelsDisabled,
  gatewayExtraHeadersInvalid,
  gatewayGitLabUrlMalformed,
  gatewayGitLabUrlMissing,
  gatewayImageTagNotExplicit,
  gatewayModelTimeoutShorter,
  gatewayPortalUrlMissing,
  gatewaySigningKeysIncomplete,
  gatewayStreamingDisabled,
  gatewayTimeoutNotInVersion,
  gatewayTimeoutOutOfRange,
  gatewayUrlHasCredentials,
  gatewayUrlLocalhost,
  gatewayUrlPrivateAddress,
  gatewayUrlSchemeNotHttp,
  gatewayUrlTooLong,
  gatewayVariableMisplaced,
  gatewayVariableUnknown,
  gatewayVersionMismatch,
  dapUrlHasScheme,
  dapUrlMalformed,
]
