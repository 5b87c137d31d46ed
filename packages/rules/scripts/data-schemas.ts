import * as z from 'zod'
import { familyKeys } from '../src/family-keys.js'

const id = z.string().regex(/^[a-z0-9][a-z0-9.-]*$/, 'use lower-case letters, digits, "-" and "."')
const gitlabVersion = z.string().regex(/^\d+\.\d+(\.\d+)?$/, "use a quoted GitLab version such as '18.2'")
const isoDate = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, "use a quoted ISO date such as '2026-07-30'")
const count = z.int().positive()
const amount = z.number().positive()
const reference = { source: id, heading: z.string().min(1).optional() }
const inferred = { inferred: z.literal(true).optional() }
const platform = z.enum(['vllm', 'bedrock', 'azure-openai'])
const column = z.enum(['code-completion', 'code-generation', 'duo-chat', 'agent-platform'])
const graded = z.enum(['full', 'partial', 'none', 'not-applicable'])
const configurable = z.enum(['yes', 'no'])
const productState = z.enum(['experiment', 'beta', 'generally-available'])
const status = z.enum(['generally-available', 'beta', 'experimental'])
const familyKey = z.enum(familyKeys)

/** Every source of the catalog. */
export const sourcesSchema = z.record(
  id,
  z.strictObject({
    title: z.string().min(1),
    url: z.url().optional(),
    repository: z
      .string()
      .regex(/^[\w.-]+\/[\w.-]+$/)
      .optional(),
    repositoryPath: z.string().min(1).optional(),
    commit: z
      .string()
      .regex(/^[0-9a-f]{6,40}$/)
      .optional(),
    release: gitlabVersion.optional(),
    standing: z.enum(['documented', 'unverified']),
    note: z.string().min(1).optional(),
  }),
)

const assertion = z
  .strictObject({
    since: gitlabVersion,
    ...reference,
    heading: z.string().min(1),
    family: z.string().min(1),
    name: z.string().min(1).optional(),
    status,
    lifecycle: z.enum(['supported', 'deprecated', 'compatible-only']).optional(),
    replacement: id.optional(),
    platforms: z.array(platform),
    otherPlatforms: z.array(z.string().min(1)).min(1).optional(),
    inferred: z
      .array(z.enum(['platforms', 'lifecycle']))
      .min(1)
      .optional(),
    levels: z.partialRecord(column, z.union([graded, configurable])),
    conflicts: z
      .array(z.strictObject({ column, conflict: id }))
      .min(1)
      .optional(),
  })
  .refine(
    ({ platforms, otherPlatforms }) => platforms.length > 0 || otherPlatforms !== undefined,
    'name a platform in platforms or otherPlatforms',
  )
  .superRefine((value, context) => {
    const scale = value.status === 'generally-available' ? graded : configurable
    for (const [name, level] of Object.entries(value.levels))
      if (!scale.safeParse(level).success)
        context.addIssue({
          code: 'custom',
          path: ['levels', name],
          message: `'${level}' is not in the scale of a ${value.status} model: use ${scale.options.join(', ')}`,
        })
  })

/** `models/<family>/<model>.yaml` */
export const modelSchema = z.strictObject({
  name: z.string().min(1),
  familyKey,
  familyKeyBasis: z.enum(['inferred', 'assumed']).optional(),
  huggingFaceId: z
    .string()
    .regex(/^[\w.-]+\/[\w.-]+$/)
    .optional(),
  vendorUrl: z.url().optional(),
  aliases: z.array(z.string().min(1)),
  assertions: z.array(assertion).min(1),
  removals: z
    .array(z.strictObject({ since: gitlabVersion, ...reference, replacement: id.optional() }))
    .min(1)
    .optional(),
})

/** `platforms/<platform>.yaml` */
export const platformSchema = z.strictObject({
  name: z.string().min(1),
  aliases: z.array(z.string().min(1)),
  kind: z.enum(['self-hosted', 'cloud']),
  identifierProvider: z.string().min(1),
  requirements: z.strictObject({
    minimumVersions: z.array(
      z.strictObject({
        since: gitlabVersion,
        version: z.string().regex(/^\d/, 'leave out the leading v'),
        strength: z.enum(['advised', 'required']),
        ...reference,
      }),
    ),
    credentials: z.array(
      z.strictObject({
        meaning: z.enum(['access-key-id', 'secret-access-key', 'region']),
        names: z.array(z.string().regex(/^[A-Z][A-Z0-9_]*$/)).min(1),
        environment: z.literal('ai-gateway'),
        ...reference,
      }),
    ),
  }),
  notes: z.array(z.strictObject({ id, text: z.string().min(1), ...reference })),
  sources: z.array(z.strictObject(reference)).min(1),
})

/** `serving/<platform>/<model>.yaml` */
export const servingSchema = z
  .strictObject({
    recipe: z
      .strictObject({
        ...reference,
        docHeading: z.string().min(1),
        huggingFaceId: z.string().min(1),
        download: z.string().includes('<your-hugging-face-token>', { error: 'keep the token a placeholder' }),
        preparation: z.array(z.string().min(1)),
        modelPath: z.string().regex(/[^/]$/, 'end paths without a slash'),
        options: z.array(
          z.strictObject({
            name: z.string().regex(/^[a-z][a-z0-9-]*$/, 'write option names with dashes, without the leading ones'),
            value: z.string().regex(/[^/]$/, 'end paths without a slash'),
          }),
        ),
        requiredGpus: count.optional(),
      })
      .optional(),
    bedrockModels: z
      .array(
        z.strictObject({
          modelId: z.string().regex(/^[a-z0-9-]+\.[a-z0-9.:-]+$/),
          profilePrefixes: z.array(z.string().regex(/^[a-z-]+\.$/, 'end a profile prefix with a dot')),
          onDemand: z.enum(['yes', 'only-with-profile']),
          lifecycle: z.strictObject({
            state: z.enum(['active', 'end-of-life', 'not-checked']),
            endOfLife: isoDate.optional(),
            ...reference,
          }),
        }),
      )
      .min(1)
      .optional(),
  })
  .refine((value) => Object.keys(value).length > 0, 'a file without a difference says nothing: delete it')

/** `architectures/<model>.yaml` */
export const architectureSchema = z.strictObject({
  modelType: z.string().min(1),
  layers: count,
  hiddenSize: count,
  intermediateSize: count,
  feedForwardMatrices: z.union([z.literal(2), z.literal(3)]).optional(),
  attentionHeads: count,
  keyValueHeads: count,
  headSize: count,
  globalAttention: z
    .strictObject({ keyValueHeads: count, headSize: count, sharedProjection: z.boolean().optional() })
    .optional(),
  latentAttention: z
    .strictObject({
      kvLoraRank: count,
      queryLoraRank: count.optional(),
      qkNopeHeadSize: count,
      qkRopeHeadSize: count,
      valueHeadSize: count,
      indexer: z.strictObject({ heads: count, headSize: count }).optional(),
    })
    .optional(),
  vocabularySize: count,
  maxPositions: count,
  dtype: z.enum(['bfloat16', 'float16', 'float32']),
  tiedEmbeddings: z.boolean(),
  attentionBias: z.boolean().optional(),
  attentionOutputBias: z.boolean().optional(),
  attentionGate: z.boolean().optional(),
  queryKeyNorm: z.boolean().optional(),
  experts: z
    .strictObject({
      count,
      perToken: count,
      intermediateSize: count,
      sharedIntermediateSize: count.optional(),
      denseLayers: count.optional(),
      biases: z.boolean().optional(),
    })
    .optional(),
  slidingWindow: z.strictObject({ tokens: count, layers: count }).optional(),
  linearAttentionLayers: count.optional(),
  linearAttention: z
    .strictObject({
      keyHeads: count,
      valueHeads: count,
      keyHeadSize: count,
      valueHeadSize: count,
      convolutionSize: count,
    })
    .optional(),
  quantization: z
    .strictObject({
      method: z.enum(['fp8', 'awq', 'gptq', 'int8', 'int4', 'mxfp4', 'nvfp4', 'bitsandbytes']),
      bits: count,
      groupSize: count.optional(),
      appliesTo: z.enum(['linear', 'routed-experts']).optional(),
    })
    .optional(),
  otherParameters: count.optional(),
  publishedParameters: z.strictObject({
    count,
    exact: z.boolean(),
    speculative: count.optional(),
    ...reference,
  }),
  licence: z.string().min(1),
  licenceRestriction: z.string().min(1).optional(),
  gated: z.boolean().optional(),
  notes: z.array(z.string().min(1)).min(1).optional(),
  sources: z.array(z.strictObject(reference)).min(1),
})

const gpuVllm = z.strictObject({
  fp16: z.boolean(),
  bf16: z.boolean(),
  fp8W8A8: z.boolean(),
  fp8WeightOnlyMarlin: z.boolean(),
  awq: z.boolean(),
  gptq: z.boolean(),
  marlin: z.boolean(),
  int8W8A8: z.boolean(),
  bitsandbytes: z.boolean(),
})

/** `gpus.yaml` */
export const gpusSchema = z.record(
  id,
  z.strictObject({
    name: z.string().min(1),
    aliases: z.array(z.string().min(1)),
    vendor: z.enum(['NVIDIA', 'AMD']),
    product: id,
    memoryGB: amount,
    totalGiB: amount,
    totalGiBBasis: z.string().min(1),
    totalGiBVerified: z.boolean(),
    bandwidthGBs: amount,
    fp16TFLOPS: amount,
    bf16TFLOPS: amount.optional(),
    fp8TFLOPS: amount.optional(),
    fp4TFLOPS: amount.optional(),
    int8TOPS: amount.optional(),
    computeCapability: z.string().min(1),
    nvlinkGBs: amount.optional(),
    pcie: z.string().min(1),
    vllm: gpuVllm,
    sources: z.array(z.strictObject(reference)).min(1),
  }),
)

/** `machines.yaml` */
export const machinesSchema = z.record(
  id,
  z.strictObject({
    name: z.string().min(1),
    cloud: z.enum(['gcp', 'aws', 'azure']),
    gpu: id,
    gpuCount: count,
    vcpus: count,
    hostMemoryGB: amount,
    note: z.string().min(1).optional(),
    sources: z.array(z.strictObject(reference)).min(1),
  }),
)

/** `hardware-requirements.yaml` */
export const hardwareRequirementsSchema = z.strictObject({
  baseSystem: z.strictObject({
    ...reference,
    minimumCpuCores: count,
    minimumCpuThreads: count,
    recommendedCpuCores: count,
    minimumRamGB: amount,
    recommendedRamGB: amount,
    storage: z.literal('ssd'),
  }),
  gpuRows: z.array(
    z.strictObject({
      id,
      label: z.string().min(1),
      example: z.string().min(1).optional(),
      parametersBillion: amount,
      models: z.array(id).min(1),
      gpu: id,
      gpuCount: count,
      minimumVramGB: amount,
      conflict: id.optional(),
      ...reference,
    }),
  ),
})

const machineSize = z.enum(['small', 'medium', 'large'])

/** `response-times.yaml` */
export const responseTimesSchema = z.strictObject({
  machines: z.array(
    z.strictObject({
      size: machineSize,
      documentedMachine: id,
      documentedGpu: id,
      gpuCount: count,
      docStatedVramGB: amount,
      docStatedVramReliable: z.literal(false),
      candidates: z.array(id).min(1),
      gpuMemoryGB: z.array(amount).min(1),
      ...reference,
    }),
  ),
  rows: z.array(
    z.strictObject({
      machine: machineSize,
      model: id,
      documentedModel: z.string().min(1),
      requests: count,
      secondsPerRequest: amount,
      tokensPerResponse: amount,
      tokensPerSecondPerRequest: amount,
      totalSeconds: amount,
      totalTokensPerSecond: amount,
      conflict: id.optional(),
    }),
  ),
})

const errorSummary = z.strictObject({ median: amount, max: amount })
const calibrationErrors = z.strictObject({
  inSample: errorSummary,
  leaveOneRowOut: errorSummary,
  leaveOneMachineOut: errorSummary,
  leaveOneModelOut: errorSummary,
})
const speedConstant = z.strictObject({
  value: amount,
  origin: z.enum(['fitted', 'measured', 'hand-set']),
  ...reference,
})
const factor = z.number().gt(1)
const range = z.tuple([count, count])

/** `speed-profiles.yaml` */
export const speedProfilesSchema = z.record(
  id,
  z
    .strictObject({
      name: z.string().min(1),
      engine: z.enum(['v0', 'v1']),
      products: z.array(id),
      standing: z.enum(['calibrated', 'hand-set']),
      constants: z.strictObject({
        bandwidthEfficiency: speedConstant,
        decodeComputeEfficiency: speedConstant,
        prefillComputeEfficiency: speedConstant,
        prefillAttentionEfficiency: speedConstant,
        layerOverheadUs: speedConstant,
        expertLayerOverheadUs: speedConstant,
        sequenceOverheadUs: speedConstant,
        requestOverheadMs: speedConstant,
        allReduce2GBs: speedConstant,
        allReduce4GBs: speedConstant,
        allReduce8GBs: speedConstant,
        allReduceLinkGBs: speedConstant,
        pcieAllReduceUs: speedConstant,
        pipelineHopUs: speedConstant,
        burstOccupancy: speedConstant,
        burstTail: speedConstant,
      }),
      interval: z.strictObject({
        requestFactor: factor,
        totalFactor: factor,
        firstTokenFactor: factor,
        outsideFactor: factor,
        basis: z.string().min(1),
      }),
      calibration: z
        .strictObject({
          ...reference,
          rows: count,
          gpus: z.array(id).min(1),
          concurrency: range,
          tensorParallelSize: range,
          maxContextTokens: count,
          assumedPromptTokens: count,
          requestErrors: calibrationErrors,
          totalErrors: calibrationErrors,
        })
        .optional(),
      notes: z.array(z.string().min(1)),
    })
    .refine(
      ({ standing, calibration }) => (standing === 'calibrated') === (calibration !== undefined),
      'a calibrated profile says what it was fitted to, in calibration; a hand-set one has none',
    ),
)

/** `speed-measurements.yaml` */
export const speedMeasurementsSchema = z.array(
  z
    .strictObject({
      profile: id,
      model: id.optional(),
      architecture: z
        .strictObject({
          name: z.string().min(1),
          modelType: z.string().min(1),
          layers: count,
          hiddenSize: count,
          intermediateSize: count,
          attentionHeads: count,
          keyValueHeads: count,
          headSize: count,
          vocabularySize: count,
          maxPositions: count,
          dtype: z.enum(['bfloat16', 'float16', 'float32']),
          tiedEmbeddings: z.boolean(),
          attentionBias: z.boolean().default(false),
        })
        .optional(),
      gpu: id,
      tensorParallelSize: count,
      runningSequences: count,
      contextTokens: count,
      decodeStepMs: amount,
      reading: z.string().min(1),
      ...reference,
    })
    .refine(({ model, architecture }) => (model === undefined) !== (architecture === undefined), {
      error: 'name a model of the catalog or give an architecture',
    }),
)

/** `releases.yaml` */
export const releasesSchema = z.record(
  gitlabVersion,
  z.strictObject({
    tiers: z.array(z.enum(['premium', 'ultimate'])),
    addOn: z.enum(['gitlab-duo', 'duo-enterprise']).optional(),
    offlineAgentPlatformAddOn: z.literal('duo-agent-platform-self-hosted').optional(),
    status: productState,
    offerings: z.array(z.enum(['self-managed', 'dedicated-for-government'])).min(1),
    ...reference,
    view: z
      .strictObject({
        ...reference,
        columns: z.array(column).min(1),
        columnTitles: z.partialRecord(column, z.string().min(1)).optional(),
        gradedWording: z.partialRecord(graded, z.string().min(1)),
        configurableWording: z.partialRecord(configurable, z.string().min(1)),
        note: z.string().min(1).optional(),
      })
      .optional(),
  }),
)

/** `features.yaml` */
export const featuresSchema = z.record(
  z.string().regex(/^[a-z][a-z0-9_-]*$/),
  z.strictObject({
    title: z.string().min(1),
    kind: z.enum(['column', 'setting']),
    column: column.optional(),
    setting: z.string().min(1).optional(),
    since: gitlabVersion.optional(),
    notYetIn: gitlabVersion.optional(),
    ...reference,
    states: z
      .array(z.strictObject({ since: gitlabVersion, state: productState, ...inferred, ...reference }))
      .min(1)
      .optional(),
    families: z
      .array(
        z.strictObject({
          since: gitlabVersion,
          keys: z.array(familyKey).min(1),
          usedKeys: z.array(familyKey).min(1).optional(),
          ...inferred,
          ...reference,
        }),
      )
      .min(1)
      .optional(),
    excludedTiers: z
      .array(z.enum(['premium', 'ultimate']))
      .min(1)
      .optional(),
  }),
)

/** `families.yaml` */
export const familiesSchema = z.record(
  familyKey,
  z.strictObject({
    name: z.string().min(1),
    enumValue: z.int().nonnegative(),
    state: productState,
    since: gitlabVersion,
    sinceInferred: z.literal(true).optional(),
    contextTokens: count,
    defaultMaxOutputTokens: count.optional(),
    ...reference,
    tokensSource: id,
  }),
)

/** `source-conflicts.yaml` */
export const sourceConflictsSchema = z.array(
  z.strictObject({
    id,
    number: count,
    summary: z.string().min(1),
    sides: z.array(z.strictObject({ says: z.string().min(1), value: z.union([z.string(), z.number()]) })).min(2),
    decision: z.string().min(1),
    sources: z.array(z.strictObject(reference)).min(1),
  }),
)
