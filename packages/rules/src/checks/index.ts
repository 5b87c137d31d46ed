import type { Rule } from '../rule.js'
import { cpuBelowMinimum } from './cpu-below-minimum.js'
import { cpuBelowRecommended } from './cpu-below-recommended.js'
import { deploymentUnknown } from './deployment-unknown.js'
import { endpointHasOperationPath } from './endpoint-has-operation-path.js'
import { endpointMissingV1 } from './endpoint-missing-v1.js'
import { endpointSchemeNotHttp } from './endpoint-scheme-not-http.js'
import { endpointTrailingSlash } from './endpoint-trailing-slash.js'
import { featureJudgedByColumn } from './feature-judged-by-column.js'
import { featureLargelyCompatible } from './feature-largely-compatible.js'
import { featureNotApplicable } from './feature-not-applicable.js'
import { featureNotCompatible } from './feature-not-compatible.js'
import { featureNotDocumented } from './feature-not-documented.js'
import { featureNotInVersion } from './feature-not-in-version.js'
import { featureNotOffered } from './feature-not-offered.js'
import { featureUnknown } from './feature-unknown.js'
import { gpuBelowMinimum } from './gpu-below-minimum.js'
import { gpuUnknown } from './gpu-unknown.js'
import { hardwareNotApplicable } from './hardware-not-applicable.js'
import { hardwareRequirementNotDocumented } from './hardware-requirement-not-documented.js'
import { hardwareSourceConflict } from './hardware-source-conflict.js'
import { modelExperimental } from './model-experimental.js'
import { modelNotListed } from './model-not-listed.js'
import { platformNotListedForModel } from './platform-not-listed-for-model.js'
import { platformUnknown } from './platform-unknown.js'
import { ramBelowMinimum } from './ram-below-minimum.js'
import { ramBelowRecommended } from './ram-below-recommended.js'
import { tensorParallelExceedsGpus } from './tensor-parallel-exceeds-gpus.js'
import { versionNewerThanData } from './version-newer-than-data.js'
import { versionOlderThanData } from './version-older-than-data.js'
import { vllmBelowMinimum } from './vllm-below-minimum.js'
import { vramBelowMinimum } from './vram-below-minimum.js'

/** Every rule of this package, in the order their findings are listed. */
export const builtInRules: readonly Rule[] = [
  versionNewerThanData,
  versionOlderThanData,
  modelNotListed,
  platformUnknown,
  platformNotListedForModel,
  modelExperimental,
  featureNotCompatible,
  featureLargelyCompatible,
  featureNotApplicable,
  featureNotOffered,
  featureNotInVersion,
  featureNotDocumented,
  featureJudgedByColumn,
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
]
