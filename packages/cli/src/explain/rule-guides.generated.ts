// Written by packages/rules/scripts/generate-rule-pages.ts; do not edit.
import type { RuleGuide } from './rule-guide.js'

/** Why each rule matters, what it objects to and what to do, by rule id. */
export const ruleGuides: Readonly<Record<string, RuleGuide>> = {
  "version-newer-than-data": {
    "example": [
      "gitlab:",
      "  version: \"99.0\""
    ],
    "message": "GitLab \"99.0\" is newer than this catalog; the table of GitLab 19.0 answers.",
    "fix": "Update @duo-models/rules, or compare with the documentation of your release.",
    "mechanical": false
  },
  "version-older-than-data": {
    "example": [
      "gitlab:",
      "  version: \"16.0\""
    ],
    "message": "The catalog holds no models table for GitLab \"16.0\".",
    "fix": "Name a GitLab version from 17.9 on.",
    "mechanical": false
  },
  "version-not-ga": {
    "example": [
      "gitlab:",
      "  version: \"17.8\""
    ],
    "message": "GitLab Duo Self-Hosted has the status beta in GitLab 17.8; it is generally available from 17.9 on.",
    "fix": "Upgrade to GitLab 17.9 or newer.",
    "mechanical": false
  },
  "tier-not-entitled": {
    "example": [
      "gitlab:",
      "  version: \"17.11\"",
      "  tier: premium"
    ],
    "message": "GitLab Duo Self-Hosted needs ultimate in GitLab 17.11, and the tier is premium.",
    "fix": "Use an instance with ultimate.",
    "mechanical": false
  },
  "add-on-missing": {
    "example": [
      "gitlab:",
      "  version: \"18.8\"",
      "  addOn: duo-pro"
    ],
    "message": "GitLab 18.8 needs the add-on duo-enterprise for this, and duo-pro is stated.",
    "fix": "Buy the add-on duo-enterprise and assign seats.",
    "mechanical": false
  },
  "model-not-listed": {
    "example": [
      "platform: vllm",
      "model: codestral-22b-v0.9",
      "endpoint: http://gpu-1:8000/v1"
    ],
    "message": "\"codestral-22b-v0.9\" is no model of the catalog.",
    "fix": "Did you mean 'codestral-22b-v0.1'? Or state modelFamily general: any OpenAI-compatible model, unsupported.",
    "mechanical": false
  },
  "platform-unknown": {
    "example": [
      "platform: vlm",
      "model: codestral-22b-v0.1",
      "endpoint: http://gpu-1:8000/v1"
    ],
    "message": "\"vlm\" is no platform. Known are azure-openai, bedrock, vllm.",
    "fix": "Did you mean 'vllm'?",
    "mechanical": true
  },
  "platform-not-listed-for-model": {
    "example": [
      "gitlab:",
      "  version: \"18.2\"",
      "deployments:",
      "  one:",
      "    platform: vllm",
      "    model: gpt-4o",
      "    endpoint: http://gpu-1:8000/v1"
    ],
    "message": "GitLab 18.2 lists GPT-4o for Azure OpenAI, not for vLLM.",
    "fix": "Serve it on Azure OpenAI, or choose a model that is listed for vLLM.",
    "mechanical": false
  },
  "platform-inferred": {
    "example": [
      "gitlab:",
      "  version: \"18.10\"",
      "deployments:",
      "  one:",
      "    platform: vllm",
      "    model: codestral-22b-v0.1",
      "    endpoint: http://gpu-1:8000/v1"
    ],
    "message": "The page of GitLab 18.10 prints no platforms; Codestral 22B v0.1 is known for vLLM.",
    "fix": "Nothing to do.",
    "mechanical": false
  },
  "model-experimental": {
    "example": [
      "gitlab:",
      "  version: \"18.2\"",
      "deployments:",
      "  one:",
      "    platform: vllm",
      "    model: codegemma-2b",
      "    endpoint: http://gpu-1:8000/v1"
    ],
    "message": "CodeGemma 2b is in experimental status: its table says whether a feature can be configured, not how well it works.",
    "fix": "Use a generally available model in production.",
    "mechanical": false
  },
  "model-beta": {
    "example": [
      "gitlab:",
      "  version: \"17.10\"",
      "deployments:",
      "  one:",
      "    platform: vllm",
      "    model: llama-3-8b",
      "    endpoint: http://gpu-1:8000/v1"
    ],
    "message": "Llama 3 8B is in beta in GitLab 17.10: its table says whether a feature can be configured, not how well it works.",
    "fix": "Use a generally available model in production.",
    "mechanical": false
  },
  "model-deprecated": {
    "example": [
      "gitlab:",
      "  version: \"18.3\"",
      "deployments:",
      "  one:",
      "    platform: vllm",
      "    model: mixtral-8x7b-it-v0.1",
      "    endpoint: http://gpu-1:8000/v1"
    ],
    "message": "Mixtral 8x7B-it v0.1 is deprecated: GitLab ends its support with 18.6.",
    "fix": "Move to 'mistral-small-24b-instruct-2506'.",
    "mechanical": false
  },
  "model-compatible-only": {
    "example": [
      "gitlab:",
      "  version: \"18.6\"",
      "deployments:",
      "  one:",
      "    platform: vllm",
      "    model: mixtral-8x7b-it-v0.1",
      "    endpoint: http://gpu-1:8000/v1"
    ],
    "message": "Mixtral 8x7B-it v0.1 is compatible only in GitLab 18.6: it can be used, in beta, without documented quality and without support.",
    "fix": "Use 'mistral-small-24b-instruct-2506' in production.",
    "mechanical": false
  },
  "family-beta-in-product": {
    "example": [
      "gitlab:",
      "  version: \"18.2\"",
      "deployments:",
      "  one:",
      "    platform: vllm",
      "    model: llama-3.1-70b",
      "    endpoint: http://gpu-1:8000/v1"
    ],
    "message": "GitLab offers the family 'llama3' of Llama 3.1 70B as beta, although the documentation calls the model generally available.",
    "fix": "Tick \"Use beta models and features\" in the GitLab Duo settings.",
    "mechanical": false
  },
  "managed-model-needs-internet": {
    "example": [
      "gitlab:",
      "  version: \"18.2\"",
      "  network: isolated",
      "deployments:",
      "  one:",
      "    platform: bedrock",
      "    model: claude-3.7-sonnet",
      "    region: us-east-1",
      "    modelId: us.anthropic.claude-3-7-sonnet-20250219-v1:0"
    ],
    "message": "AWS Bedrock answers over the internet, and gitlab.network is isolated.",
    "fix": "Serve the model yourself, or name the private endpoint of the provider as endpoint.",
    "mechanical": false
  },
  "feature-not-compatible": {
    "example": [
      "deployments:",
      "  one:",
      "    platform: vllm",
      "    model: llama-3-70b",
      "    endpoint: http://gpu-1:8000/v1",
      "features:",
      "  duo-chat: one"
    ],
    "message": "Llama 3 70B with GitLab Duo Chat: GitLab 19.0 says \"Limited functionality\". The model is unsuitable, and GitLab gives no support for this feature with it.",
    "fix": "Route the feature to a model that is fully or largely compatible.",
    "mechanical": false
  },
  "feature-largely-compatible": {
    "example": [
      "deployments:",
      "  one:",
      "    platform: vllm",
      "    model: llama-3.1-8b",
      "    endpoint: http://gpu-1:8000/v1",
      "features:",
      "  duo-chat: one"
    ],
    "message": "Llama 3.1 8B with GitLab Duo Chat: GitLab 19.0 says \"Partial functionality\". It works, with compromises or limitations.",
    "fix": "Choose a fully compatible model where quality matters.",
    "mechanical": false
  },
  "feature-not-applicable": {
    "example": [
      "gitlab:",
      "  version: \"18.2\"",
      "deployments:",
      "  one:",
      "    platform: vllm",
      "    model: codestral-22b-v0.1",
      "    endpoint: http://gpu-1:8000/v1",
      "features:",
      "  duo-chat: one"
    ],
    "message": "Codestral 22B v0.1 with GitLab Duo Chat: GitLab 18.2 says \"Not applicable\".",
    "fix": "Route the feature to a model that it applies to.",
    "mechanical": false
  },
  "feature-not-offered": {
    "example": [
      "gitlab:",
      "  version: \"18.2\"",
      "deployments:",
      "  one:",
      "    platform: vllm",
      "    model: codegemma-2b",
      "    endpoint: http://gpu-1:8000/v1",
      "features:",
      "  code-generation: one"
    ],
    "message": "CodeGemma 2b with Code generation: GitLab 18.2 says \"No\". This experimental model is not configurable for it.",
    "fix": "Route the feature to a model whose table says Yes or Fully compatible.",
    "mechanical": false
  },
  "feature-not-in-version": {
    "example": [
      "gitlab:",
      "  version: \"18.2\"",
      "deployments:",
      "  one:",
      "    platform: vllm",
      "    model: llama-3.1-70b",
      "    endpoint: http://gpu-1:8000/v1",
      "features:",
      "  review_merge_request: one"
    ],
    "message": "Code Review is there for self-hosted models from GitLab 18.3 on, and the release is 18.2.",
    "fix": "Upgrade to GitLab 18.3, or leave the feature out.",
    "mechanical": false
  },
  "feature-not-documented": {
    "example": [
      "deployments:",
      "  one:",
      "    platform: vllm",
      "    model: llama-3.1-70b",
      "    endpoint: http://gpu-1:8000/v1",
      "features:",
      "  generate_commit_message: one"
    ],
    "message": "The models table of GitLab 19.0 has no column for Merge Commit Message Generation, so its quality with this model is not documented.",
    "fix": "Try it before you rely on it.",
    "mechanical": false
  },
  "feature-judged-by-column": {
    "example": [
      "deployments:",
      "  one:",
      "    platform: vllm",
      "    model: llama-3.1-70b",
      "    endpoint: http://gpu-1:8000/v1",
      "features:",
      "  duo_chat_fix_code: one"
    ],
    "message": "Fix Code (duo_chat_fix_code) has no column of its own; the level is that of GitLab Duo Chat.",
    "mechanical": false
  },
  "level-source-conflict": {
    "example": [
      "gitlab:",
      "  version: \"18.3\"",
      "deployments:",
      "  one:",
      "    platform: vllm",
      "    model: gpt-oss-120b",
      "    endpoint: http://gpu-1:8000/v1",
      "features:",
      "  code-generation: one"
    ],
    "message": "In the 18.3 rows of GPT OSS the words of code generation and chat say Yes, the icons No. word in the cell: Yes; icon in the cell: No. This answer uses \"Yes\".",
    "fix": "Try the model with the feature before you rely on it.",
    "mechanical": false
  },
  "family-not-allowed-for-feature": {
    "example": [
      "gitlab:",
      "  version: \"18.9\"",
      "deployments:",
      "  one:",
      "    platform: vllm",
      "    model: mistral-small-24b-instruct-2506",
      "    endpoint: http://gpu-1:8000/v1",
      "features:",
      "  duo_agent_platform: one"
    ],
    "message": "GitLab refuses a model of the family 'mistral' for Agents and flows (duo_agent_platform). Allowed are claude_3, general, gpt.",
    "fix": "Route the feature to a model of Claude, General, GPT.",
    "mechanical": false
  },
  "beta-terms-not-accepted": {
    "example": [
      "gitlab:",
      "  betaFeatures: false",
      "deployments:",
      "  one:",
      "    platform: vllm",
      "    model: llama-3.1-70b",
      "    endpoint: http://gpu-1:8000/v1",
      "features:",
      "  duo-chat: one"
    ],
    "message": "GitLab does not offer this without accepted beta terms: the model family 'llama3' is in beta.",
    "fix": "Tick \"Use beta models and features\" in the GitLab Duo settings, then set gitlab.betaFeatures to true.",
    "mechanical": false
  },
  "feature-unknown": {
    "example": [
      "deployments:",
      "  one:",
      "    platform: vllm",
      "    model: llama-3.1-70b",
      "    endpoint: http://gpu-1:8000/v1",
      "features:",
      "  duo-chats: one"
    ],
    "message": "\"duo-chats\" is no feature.",
    "fix": "Did you mean 'duo-chat'?",
    "mechanical": true
  },
  "deployment-unknown": {
    "example": [
      "deployments:",
      "  one:",
      "    platform: vllm",
      "    model: codestral-22b-v0.1",
      "    endpoint: http://gpu-1:8000/v1",
      "features:",
      "  code-completion:",
      "    - one",
      "    - two"
    ],
    "message": "code-completion is routed to \"two\", which is no deployment: known are one.",
    "fix": "Declare the deployment or correct the name.",
    "mechanical": false
  },
  "endpoint-scheme-not-http": {
    "example": [
      "platform: vllm",
      "model: codestral-22b-v0.1",
      "endpoint: ftp://gpu-1/v1"
    ],
    "message": "The endpoint \"ftp://gpu-1/v1\" is no http or https address.",
    "fix": "Write the whole address, such as http://gpu-1:8000/v1.",
    "mechanical": false
  },
  "endpoint-missing-v1": {
    "why": "GitLab and this client append the operation, such as `/chat/completions`, to the address they are given. Without `/v1` the server has no such route and answers 404. It is the most frequent mistake of all.",
    "example": [
      "platform: vllm",
      "model: codestral-22b-v0.1",
      "endpoint: http://gpu-1:8000"
    ],
    "message": "The endpoint \"http://gpu-1:8000\" does not end in /v1, so the server answers 404.",
    "fix": "Append /v1.",
    "mechanical": true
  },
  "endpoint-has-operation-path": {
    "why": "The operation is appended to the address. One that is there already ends up in it twice, and the server answers 404.",
    "example": [
      "platform: vllm",
      "model: codestral-22b-v0.1",
      "endpoint: http://gpu-1:8000/v1/chat/completions"
    ],
    "message": "The endpoint \"http://gpu-1:8000/v1/chat/completions\" goes on after /v1; the operation is appended by the caller.",
    "fix": "Cut the path back to /v1.",
    "mechanical": true
  },
  "endpoint-trailing-slash": {
    "why": "The AI gateway removes one slash on its newer path and none on its older one, so some calls work and others get a double slash.",
    "example": [
      "platform: vllm",
      "model: codestral-22b-v0.1",
      "endpoint: http://gpu-1:8000/v1/"
    ],
    "message": "The endpoint \"http://gpu-1:8000/v1/\" ends in a slash.",
    "fix": "Drop the slash at the end.",
    "mechanical": true
  },
  "vllm-below-minimum": {
    "example": [
      "platform: vllm",
      "model: codestral-22b-v0.1",
      "endpoint: http://gpu-1:8000/v1",
      "server:",
      "  version: 0.6.4"
    ],
    "message": "vLLM \"0.6.4\" is older than 0.18.1, the oldest version the page advises.",
    "fix": "Upgrade vLLM to 0.18.1 or newer.",
    "mechanical": false
  },
  "vram-below-minimum": {
    "example": [
      "platform: vllm",
      "model: codestral-22b-v0.1",
      "endpoint: http://gpu-1:8000/v1",
      "hardware:",
      "  gpu: a100-80gb",
      "  gpuCount: 1"
    ],
    "message": "1 × NVIDIA A100 80 GB SXM (80 GB) is below the documented minimum for 22B models: 110 GB of VRAM, 2 × NVIDIA A100 80 GB SXM (160 GB).",
    "fix": "Use GPUs with at least 110 GB in all, such as 2 × NVIDIA A100 80 GB SXM (160 GB).",
    "mechanical": false
  },
  "gpu-below-minimum": {
    "why": "The documentation names a set of GPUs for some model sizes. Fewer cards of the same product are below it, even where their memory would do.",
    "example": [
      "platform: vllm",
      "model: mixtral-8x22b-it-v0.1",
      "endpoint: http://gpu-1:8000/v1",
      "hardware:",
      "  gpu: a100-80gb",
      "  gpuCount: 7"
    ],
    "message": "7 × NVIDIA A100 80 GB SXM (560 GB) is less than the documented minimum for Mixtral 8x22B: 8 × NVIDIA A100 80 GB SXM (640 GB).",
    "fix": "Use 8 × NVIDIA A100 80 GB SXM (640 GB) or more.",
    "mechanical": false
  },
  "hardware-source-conflict": {
    "why": "For Mixtral 8x7B the documented minimum configuration has 160 GB, and the documented minimum memory is 220 GB. Both are kept, and neither is picked.",
    "example": [
      "platform: vllm",
      "model: mixtral-8x7b-it-v0.1",
      "endpoint: http://gpu-1:8000/v1",
      "hardware:",
      "  gpu: a100-80gb",
      "  gpuCount: 2"
    ],
    "message": "2 × NVIDIA A100 80 GB SXM (160 GB) lies between two documented minimums for Mixtral 8x7B that contradict each other: 2 ×… (205 characters)",
    "fix": "Measure before you rely on it, or use 220 GB, which satisfies both.",
    "mechanical": false
  },
  "hardware-requirement-not-documented": {
    "example": [
      "platform: vllm",
      "model: llama-3.1-70b",
      "endpoint: http://gpu-1:8000/v1",
      "hardware:",
      "  gpu: a100-80gb",
      "  gpuCount: 2"
    ],
    "message": "The documentation has no GPU requirement for models of the size of Llama 3.1 70B. The nearest row, as information only: Mixtral 8x7B, 2 × NVIDIA A100 80 GB SXM (160 GB).",
    "fix": "Verify the memory with a calculation or a trial.",
    "mechanical": false
  },
  "hardware-not-applicable": {
    "example": [
      "platform: azure-openai",
      "model: gpt-4o",
      "endpoint: https://example.openai.azure.com",
      "deployment: gpt-4o",
      "hardware:",
      "  ramGB: 64"
    ],
    "message": "Azure OpenAI runs on the provider's hardware; the hardware section is not judged.",
    "fix": "Remove the hardware section.",
    "mechanical": true
  },
  "gpu-unknown": {
    "example": [
      "platform: vllm",
      "model: codestral-22b-v0.1",
      "endpoint: http://gpu-1:8000/v1",
      "hardware:",
      "  gpu: a100-81gb",
      "  gpuCount: 2"
    ],
    "message": "The catalog does not know the GPU \"a100-81gb\".",
    "fix": "Did you mean 'a100-80gb' or 'a100-40gb' or 'h100-80gb'? Otherwise state gpuMemoryGB, the memory of one GPU.",
    "mechanical": false
  },
  "cpu-below-minimum": {
    "example": [
      "platform: vllm",
      "model: codestral-22b-v0.1",
      "endpoint: http://gpu-1:8000/v1",
      "hardware:",
      "  cpuCores: 7"
    ],
    "message": "7 CPU cores is below the documented minimum of 8 CPU cores.",
    "fix": "Use 8 CPU cores or more.",
    "mechanical": false
  },
  "cpu-below-recommended": {
    "example": [
      "platform: vllm",
      "model: codestral-22b-v0.1",
      "endpoint: http://gpu-1:8000/v1",
      "hardware:",
      "  cpuCores: 15"
    ],
    "message": "15 CPU cores is below the documented recommendation for production of 16 CPU cores.",
    "fix": "Use 16 CPU cores or more.",
    "mechanical": false
  },
  "ram-below-minimum": {
    "example": [
      "platform: vllm",
      "model: codestral-22b-v0.1",
      "endpoint: http://gpu-1:8000/v1",
      "hardware:",
      "  ramGB: 31"
    ],
    "message": "31 GB of RAM is below the documented minimum of 32 GB of RAM.",
    "fix": "Use 32 GB of RAM or more.",
    "mechanical": false
  },
  "ram-below-recommended": {
    "example": [
      "platform: vllm",
      "model: codestral-22b-v0.1",
      "endpoint: http://gpu-1:8000/v1",
      "hardware:",
      "  ramGB: 63"
    ],
    "message": "63 GB of RAM is below the documented recommendation for most models of 64 GB of RAM.",
    "fix": "Use 64 GB of RAM or more.",
    "mechanical": false
  },
  "tensor-parallel-exceeds-gpus": {
    "why": "vLLM needs one GPU for each part of the model: the tensor-parallel size times the pipeline-parallel size.",
    "example": [
      "platform: vllm",
      "model: codestral-22b-v0.1",
      "endpoint: http://gpu-1:8000/v1",
      "server:",
      "  tensorParallelSize: 4",
      "hardware:",
      "  gpuCount: 2"
    ],
    "message": "tensorParallelSize 4 needs 4 GPUs, and the machine has 2.",
    "fix": "Split the model over 2 GPUs or fewer.",
    "mechanical": true
  },
  "model-name-look-alike": {
    "why": "A name that was copied from a document may hold a Cyrillic letter or a special dash. It looks right and matches nothing. Names are never corrected silently, because the next one may be another model.",
    "example": [
      "platform: vllm",
      "model: cоdestral-22b-v0.1",
      "endpoint: http://gpu-1:8000/v1"
    ],
    "message": "model \"cоdestral-22b-v0.1\" looks like \"codestral-22b-v0.1\" and holds U+043E; it is taken as it is written.",
    "fix": "Type the name again on a keyboard, or copy it from its source.",
    "mechanical": false
  },
  "model-family-mismatch": {
    "why": "The family decides which prompts and which fill-in-the-middle tokens the AI gateway sends. Another model’s prompts work badly without any error. The family `general` is for any model.",
    "example": [
      "platform: vllm",
      "model: codestral-22b-v0.1",
      "endpoint: http://gpu-1:8000/v1",
      "modelFamily: mistral"
    ],
    "message": "modelFamily is mistral; Codestral 22B v0.1 belongs to codestral, whose prompts are made for it.",
    "fix": "Set modelFamily to codestral.",
    "mechanical": true
  },
  "identifier-missing-prefix": {
    "why": "The AI gateway splits an identifier at the first slash; what stands before it is the provider. Without a slash it assumes `custom_openai`, which is right for vLLM by luck and wrong for Amazon Bedrock and Azure OpenAI.",
    "example": [
      "platform: vllm",
      "model: codestral-22b-v0.1",
      "endpoint: http://gpu-1:8000/v1",
      "identifier: codestral"
    ],
    "message": "The identifier \"codestral\" has no provider, which means custom_openai. It works by luck only.",
    "fix": "Put custom_openai/ in front.",
    "mechanical": true
  },
  "identifier-provider-platform-mismatch": {
    "why": "The provider decides which protocol the AI gateway speaks and where it sends the request, whatever the platform field says.",
    "example": [
      "platform: azure-openai",
      "model: gpt-4o",
      "endpoint: https://example.openai.azure.com",
      "deployment: gpt-4o",
      "identifier: custom_openai/gpt-4o"
    ],
    "message": "The identifier \"custom_openai/gpt-4o\" sends requests to custom_openai; the platform is azure-openai, whose provider is azure.",
    "fix": "Write azure/ in front.",
    "mechanical": true
  },
  "identifier-served-name-mismatch": {
    "why": "What follows the provider is sent to the server as the model name. The server compares it letter by letter with the names it lists and answers 404 for any other. Only stated names are compared. On Amazon Bedrock both names may exist, so it is a warning there.",
    "example": [
      "platform: vllm",
      "model: codestral-22b-v0.1",
      "endpoint: http://gpu-1:8000/v1",
      "identifier: custom_openai/codestral-22b",
      "servedModelName: codestral"
    ],
    "message": "The identifier asks for \"codestral-22b\", and the deployment answers to \"codestral\".",
    "fix": "Ask for the name the deployment answers to.",
    "mechanical": true
  },
  "identifier-too-long": {
    "example": [
      "platform: vllm",
      "model: codestral-22b-v0.1",
      "endpoint: http://gpu-1:8000/v1",
      "identifier: custom_openai/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx… (268 characters)"
    ],
    "message": "The identifier has 256 characters; GitLab saves up to 255.",
    "fix": "Give the server a shorter name.",
    "mechanical": false
  },
  "identifier-unknown-provider": {
    "why": "The AI gateway splits an identifier at the first slash. A bare Hugging Face id such as `mistralai/Codestral-22B-v0.1` is therefore read as the provider `mistralai`, which does not exist. Providers are case-sensitive.",
    "example": [
      "platform: vllm",
      "model: codestral-22b-v0.1",
      "endpoint: http://gpu-1:8000/v1",
      "identifier: mistralai/Codestral-22B-v0.1"
    ],
    "message": "The AI gateway takes \"mistralai\" in the identifier \"mistralai/Codestral-22B-v0.1\" for a provider, and knows none of that name.",
    "fix": "Put custom_openai/ in front.",
    "mechanical": true
  },
  "identifier-without-name": {
    "why": "With nothing behind the slash the AI gateway sends the whole identifier, slash included, as the model name.",
    "example": [
      "platform: vllm",
      "model: codestral-22b-v0.1",
      "endpoint: http://gpu-1:8000/v1",
      "identifier: custom_openai/"
    ],
    "message": "Nothing follows the slash of the identifier \"custom_openai/\"; the AI gateway then asks for a model of that very name.",
    "fix": "Put the name that the server lists behind the slash.",
    "mechanical": false
  },
  "served-name-has-provider": {
    "why": "The provider in front is a matter between GitLab and its AI gateway. Amazon Bedrock and Azure OpenAI know their own names only.",
    "example": [
      "platform: azure-openai",
      "model: gpt-4o",
      "endpoint: https://example.openai.azure.com",
      "deployment: azure/gpt-4o"
    ],
    "message": "deployment is \"azure/gpt-4o\"; what stands in front of \"gpt-4o\" belongs into identifier only.",
    "fix": "Take it off.",
    "mechanical": true
  },
  "route-repeats-deployment": {
    "example": [
      "deployments:",
      "  one:",
      "    platform: vllm",
      "    model: codestral-22b-v0.1",
      "    endpoint: http://gpu-1:8000/v1",
      "  two:",
      "    platform: vllm",
      "    model: codestral-22b-v0.1",
      "    endpoint: http://gpu-2:8000/v1",
      "features:",
      "  code-completion:",
      "    - one",
      "    - one"
    ],
    "message": "code-completion lists \"one\" more than once; what failed there is not tried there again.",
    "fix": "List every deployment once.",
    "mechanical": true
  },
  "endpoint-has-credentials": {
    "why": "Addresses turn up in logs, metrics and error messages, which people do not treat as secret. The message of this rule hides what it found.",
    "example": [
      "platform: vllm",
      "model: codestral-22b-v0.1",
      "endpoint: http://user:example@gpu-1:8000/v1"
    ],
    "message": "The endpoint \"http://***@gpu-1:8000/v1\" carries a user name and a password. Addresses are logged and shown; secrets in them leak.",
    "fix": "Take it out of the address and put it into apiKey, from the environment.",
    "mechanical": false
  },
  "endpoint-localhost-from-gateway": {
    "why": "The AI gateway runs in a container. There, localhost is the container, not the machine that the model server runs on. The rule speaks only where the configuration says something about an AI gateway.",
    "example": [
      "gitlab:",
      "  aiGateway:",
      "    timeoutSeconds: 60",
      "deployments:",
      "  one:",
      "    platform: vllm",
      "    model: codestral-22b-v0.1",
      "    endpoint: http://localhost:8000/v1"
    ],
    "message": "The AI gateway is to call \"http://localhost:8000/v1\", which in its container is the container itself.",
    "fix": "Use an address the container reaches, or run it with --network host and metrics port 8083.",
    "mechanical": false
  },
  "endpoint-repeated": {
    "example": [
      "platform: vllm",
      "model: codestral-22b-v0.1",
      "endpoint:",
      "  - http://gpu-1:8000/v1",
      "  - http://gpu-1:8000/v1"
    ],
    "message": "The endpoint \"http://gpu-1:8000/v1\" is listed more than once; each entry is taken for a replica of its own.",
    "fix": "List every address once.",
    "mechanical": true
  },
  "endpoint-too-long-for-gateway": {
    "why": "GitLab saves addresses of up to 2048 characters, and the AI gateway takes 255. Saving works, and every request then fails.",
    "example": [
      "platform: vllm",
      "model: codestral-22b-v0.1",
      "endpoint: http://gpu-1:8000/proxy/proxy/proxy/proxy/proxy/proxy/proxy/proxy/proxy/proxy/proxy/proxy/proxy/proxy/proxy/pr… (270 characters)"
    ],
    "message": "The endpoint has 260 characters; GitLab saves it, and the AI gateway takes 255.",
    "fix": "Use an address of at most 255 characters.",
    "mechanical": false
  },
  "azure-endpoint-has-operation-path": {
    "why": "The Azure portal shows the address of a whole operation, ready to be copied. Here the address of the resource is wanted; the deployment and the API version have fields of their own.",
    "example": [
      "platform: azure-openai",
      "model: gpt-4o",
      "endpoint: https://example.openai.azure.com/openai/deployments/gpt-4o/chat/completions",
      "deployment: gpt-4o"
    ],
    "message": "The endpoint \"https://example.openai.azure.com/openai/deployments/gpt-4o/chat/completions\" goes on to a deployment or an operation; the caller appends both.",
    "fix": "Cut it back to the address of the resource.",
    "mechanical": true
  },
  "api-key-ignored": {
    "why": "GitLab has a field for an API key and ignores it for Amazon Bedrock. Whoever relies on it wonders about access errors later.",
    "example": [
      "platform: bedrock",
      "model: claude-3.7-sonnet",
      "region: us-east-1",
      "modelId: us.anthropic.claude-3-7-sonnet-20250219-v1:0",
      "apiKey: example"
    ],
    "message": "GitLab ignores the API key of a Bedrock model; the AI gateway authenticates with its own environment. Only the client of this SDK presents it, as a bearer key.",
    "fix": "Remove apiKey, or state credentials: bearer where this SDK's client presents it.",
    "mechanical": false
  },
  "api-key-too-long": {
    "example": [
      "platform: vllm",
      "model: codestral-22b-v0.1",
      "endpoint: http://gpu-1:8000/v1",
      "apiKey: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx… (2009 characters)"
    ],
    "message": "The API key has 2001 characters; the AI gateway takes 2000.",
    "fix": "Use a shorter key.",
    "mechanical": false
  },
  "aws-bearer-token-not-in-version": {
    "example": [
      "gitlab:",
      "  version: \"18.8\"",
      "  aiGateway:",
      "    env:",
      "      AWS_BEARER_TOKEN_BEDROCK: example",
      "deployments:",
      "  one:",
      "    platform: bedrock",
      "    model: claude-3.7-sonnet",
      "    region: us-east-1",
      "    modelId: us.anthropic.claude-3-7-sonnet-20250219-v1:0",
      "    credentials: bearer"
    ],
    "message": "A Bedrock API key is documented from GitLab 18.9 on, and the release is 18.8.",
    "fix": "Use a key pair, or upgrade to GitLab 18.9.",
    "mechanical": false
  },
  "aws-credentials-missing": {
    "why": "The identity that calls Amazon Bedrock is the AI gateway’s own, from the environment of its container. The rule speaks only where that environment is stated.",
    "example": [
      "gitlab:",
      "  version: \"18.9\"",
      "  aiGateway:",
      "    env:",
      "      AWS_REGION_NAME: us-east-1",
      "deployments:",
      "  one:",
      "    platform: bedrock",
      "    model: claude-3.7-sonnet",
      "    region: us-east-1",
      "    modelId: us.anthropic.claude-3-7-sonnet-20250219-v1:0",
      "    credentials: environment"
    ],
    "message": "The environment of the AI gateway does not set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, so it cannot call Amazon Bedrock.",
    "fix": "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in gitlab.aiGateway.env, or say where the credentials come from.",
    "mechanical": false
  },
  "aws-region-malformed": {
    "example": [
      "platform: bedrock",
      "model: claude-3.7-sonnet",
      "region: us-east-1a",
      "modelId: us.anthropic.claude-3-7-sonnet-20250219-v1:0"
    ],
    "message": "\"us-east-1a\" is no AWS Region; one looks like us-east-1.",
    "fix": "Write us-east-1.",
    "mechanical": true
  },
  "aws-region-mismatch": {
    "example": [
      "gitlab:",
      "  version: \"18.9\"",
      "  aiGateway:",
      "    env:",
      "      AWS_ACCESS_KEY_ID: AKIA-EXAMPLE",
      "      AWS_SECRET_ACCESS_KEY: example",
      "      AWS_REGION_NAME: us-west-2",
      "deployments:",
      "  one:",
      "    platform: bedrock",
      "    model: claude-3.7-sonnet",
      "    region: us-east-1",
      "    modelId: us.anthropic.claude-3-7-sonnet-20250219-v1:0"
    ],
    "message": "The deployment is in \"us-east-1\", and the AI gateway asks Amazon Bedrock in \"us-west-2\".",
    "fix": "State the same Region in both places.",
    "mechanical": false
  },
  "aws-region-variable-not-checked": {
    "why": "Both names work for requests. The check script that comes with the AI gateway reads one of them and reports the other as missing.",
    "example": [
      "gitlab:",
      "  aiGateway:",
      "    env:",
      "      AWS_REGION: us-east-1"
    ],
    "message": "AWS_REGION is set and AWS_REGION_NAME is not. The AI gateway takes either; its check script reads the latter only.",
    "fix": "Set AWS_REGION_NAME too.",
    "mechanical": true
  },
  "aws-region-variables-differ": {
    "example": [
      "gitlab:",
      "  aiGateway:",
      "    env:",
      "      AWS_REGION: us-west-2",
      "      AWS_REGION_NAME: us-east-1"
    ],
    "message": "AWS_REGION_NAME is \"us-east-1\" and AWS_REGION is \"us-west-2\"; which one counts depends on who reads it.",
    "fix": "Give both the same value.",
    "mechanical": false
  },
  "aws-temporary-credentials-unsupported": {
    "why": "Before GitLab 18.10 the AI gateway is documented for long-lived keys only. Session tokens, instance roles and service account roles lead to authentication errors.",
    "example": [
      "gitlab:",
      "  version: \"18.9\"",
      "  aiGateway:",
      "    env:",
      "      AWS_ACCESS_KEY_ID: AKIA-EXAMPLE",
      "      AWS_SECRET_ACCESS_KEY: example",
      "      AWS_REGION_NAME: us-east-1",
      "      AWS_SESSION_TOKEN: example",
      "deployments:",
      "  one:",
      "    platform: bedrock",
      "    model: claude-3.7-sonnet",
      "    region: us-east-1",
      "    modelId: us.anthropic.claude-3-7-sonnet-20250219-v1:0"
    ],
    "message": "AWS_SESSION_TOKEN gives temporary credentials, which GitLab 18.9 does not support for Amazon Bedrock.",
    "fix": "Use a long-lived key pair, or upgrade to GitLab 18.10.",
    "mechanical": false
  },
  "bedrock-arn-needs-converse": {
    "why": "An application inference profile is named by its ARN. The AI gateway reaches it through the Converse operation only, and `converse/` selects that.",
    "example": [
      "platform: bedrock",
      "model: claude-3.7-sonnet",
      "region: us-east-1",
      "modelId: arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abcd1234efgh",
      "identifier: bedrock/arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abcd1234efgh"
    ],
    "message": "The identifier \"bedrock/arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc…\" names an ARN; without converse/ in front the call fails.",
    "fix": "Write bedrock/converse/ in front of the ARN.",
    "mechanical": true
  },
  "bedrock-guardrail-config-invalid": {
    "example": [
      "gitlab:",
      "  aiGateway:",
      "    env:",
      "      AIGW_BEDROCK_GUARDRAIL_CONFIG: '{\"guardrailIdentifier\":\"abc123\",\"guardrailVersion\":\"draft\"}'"
    ],
    "message": "AIGW_BEDROCK_GUARDRAIL_CONFIG: guardrailVersion is neither empty, nor DRAFT, nor a number of up to 8 digits. The AI gateway does not start with it.",
    "fix": "Write JSON with guardrailIdentifier (short id or ARN), guardrailVersion (empty, DRAFT or a number) and trace (enabled or disabled).",
    "mechanical": false
  },
  "bedrock-model-id-names-other-model": {
    "why": "Verdicts are about the model that the deployment names, and requests go to the one that the id names.",
    "example": [
      "platform: bedrock",
      "model: claude-3.5-sonnet",
      "region: us-east-1",
      "modelId: us.anthropic.claude-3-7-sonnet-20250219-v1:0"
    ],
    "message": "\"us.anthropic.claude-3-7-sonnet-20250219-v1:0\" is Claude 3.7 Sonnet, and the deployment says Claude 3.5 Sonnet; it is judged as the latter.",
    "fix": "Name the same model in both places.",
    "mechanical": false
  },
  "bedrock-needs-inference-profile": {
    "why": "Newer Claude and Llama models are not sold on demand under their base id in most Regions. Bedrock answers 400 and says that on-demand throughput is not supported. An inference profile id has a geography in front, such as `us.`, `eu.`, `apac.` or `global.`.",
    "example": [
      "platform: bedrock",
      "model: claude-3.7-sonnet",
      "region: us-east-1",
      "modelId: anthropic.claude-3-7-sonnet-20250219-v1:0"
    ],
    "message": "\"anthropic.claude-3-7-sonnet-20250219-v1:0\" is a base model id; Bedrock refuses it on demand and asks for an inference profile.",
    "fix": "Name the inference profile us.anthropic.claude-3-7-sonnet-20250219-v1:0.",
    "mechanical": true
  },
  "bedrock-region-prefix-mismatch": {
    "why": "An inference profile can be called from the Regions of its geography only. The list of geographies is open: one that is not known here is not judged.",
    "example": [
      "platform: bedrock",
      "model: claude-3.7-sonnet",
      "region: eu-central-1",
      "modelId: us.anthropic.claude-3-7-sonnet-20250219-v1:0"
    ],
    "message": "us. is the inference profile of another geography than that of the Region \"eu-central-1\".",
    "fix": "Name the inference profile eu.anthropic.claude-3-7-sonnet-20250219-v1:0, where Bedrock offers it.",
    "mechanical": true
  },
  "serve-args-conflict": {
    "why": "A fact that is stated twice may be stated differently. The fields are what the rest of the check goes by, and the command is what the server was started with.",
    "example": [
      "platform: vllm",
      "model: codestral-22b-v0.1",
      "endpoint: http://gpu-1:8000/v1",
      "server:",
      "  serveArgs: --served-model-name codestral -tp 4",
      "  tensorParallelSize: 2"
    ],
    "message": "serveArgs and the deployment disagree: --tensor-parallel-size is 4, and the field says 2.",
    "fix": "State it once, or the same in both places.",
    "mechanical": false
  },
  "serve-args-malformed": {
    "why": "`serveArgs` is the whole argument list of `vllm serve`, as one line with shell quotes or as a list with one argument per entry. It is read into the same facts as the fields of `server`.",
    "example": [
      "platform: vllm",
      "model: codestral-22b-v0.1",
      "endpoint: http://gpu-1:8000/v1",
      "server:",
      "  serveArgs: vllm serve /models/codestral --served-model-name codestral --tensor-parallel-size two"
    ],
    "message": "serveArgs: --tensor-parallel-size needs a whole number above 0.",
    "fix": "Write the arguments as they follow vllm serve, one per entry or as one line.",
    "mechanical": false
  },
  "vllm-chat-template-missing": {
    "why": "GitLab uses the chat route for every feature, code completion included. A server whose model has no chat template answers it with 404, while `/v1/models` works.",
    "example": [
      "platform: vllm",
      "model: codestral-22b-v0.1",
      "endpoint: http://gpu-1:8000/v1",
      "server:",
      "  serveArgs:",
      "    - /models/codestral",
      "    - --tensor-parallel-size",
      "    - \"2\""
    ],
    "message": "serveArgs holds neither --chat-template nor --served-model-name; the chat route may then answer 404.",
    "fix": "Add --served-model-name, and --chat-template for a model whose tokenizer has none.",
    "mechanical": false
  },
  "vllm-option-deprecated": {
    "example": [
      "platform: vllm",
      "model: codestral-22b-v0.1",
      "endpoint: http://gpu-1:8000/v1",
      "server:",
      "  version: 0.12.0",
      "  serveArgs: --served-model-name c --disable-log-requests"
    ],
    "message": "--disable-log-requests is deprecated since vLLM 0.12.0, where request logging is off.",
    "fix": "Remove the option.",
    "mechanical": false
  },
  "vllm-request-logging": {
    "why": "Writing every prompt to the log takes time and keeps source code in log files.",
    "example": [
      "platform: vllm",
      "model: codestral-22b-v0.1",
      "endpoint: http://gpu-1:8000/v1",
      "server:",
      "  serveArgs: /models/codestral --served-model-name codestral --enable-log-requests"
    ],
    "message": "The server logs every request; the page advises against it in production.",
    "fix": "Remove --enable-log-requests.",
    "mechanical": false
  },
  "gateway-auth-bypassed": {
    "why": "The variable is a help for troubleshooting. Where `gitlab.environment` is production it is an error, otherwise a warning.",
    "example": [
      "gitlab:",
      "  aiGateway:",
      "    env:",
      "      AIGW_CUSTOM_MODELS__ENABLED: \"true\"",
      "      AIGW_GITLAB_URL: https://gitlab.example.com",
      "      AIGW_AUTH__BYPASS_EXTERNAL: \"true\""
    ],
    "message": "AIGW_AUTH__BYPASS_EXTERNAL is on: whoever reaches the AI gateway may use the models. It is for troubleshooting only.",
    "fix": "Remove the variable and restart the AI gateway.",
    "mechanical": true
  },
  "gateway-custom-models-disabled": {
    "why": "The self-hosted image sets the variable to true. Where it is overwritten, requests that name an endpoint are refused.",
    "example": [
      "gitlab:",
      "  aiGateway:",
      "    env:",
      "      AIGW_CUSTOM_MODELS__ENABLED: \"false\"",
      "      AIGW_GITLAB_URL: https://gitlab.example.com"
    ],
    "message": "AIGW_CUSTOM_MODELS__ENABLED is \"false\", so the AI gateway refuses every request for a self-hosted model.",
    "fix": "Set it to true.",
    "mechanical": true
  },
  "gateway-extra-headers-invalid": {
    "example": [
      "gitlab:",
      "  aiGateway:",
      "    env:",
      "      AIGW_CUSTOM_MODELS__EXTRA_HEADERS: \"X-Team: duo\""
    ],
    "message": "AIGW_CUSTOM_MODELS__EXTRA_HEADERS is no JSON object, and the AI gateway cannot read it.",
    "fix": "Write a JSON object, such as {\"X-Team\": \"duo\"}.",
    "mechanical": false
  },
  "gateway-gitlab-url-malformed": {
    "example": [
      "gitlab:",
      "  aiGateway:",
      "    env:",
      "      AIGW_CUSTOM_MODELS__ENABLED: \"true\"",
      "      AIGW_GITLAB_URL: gitlab.example.com"
    ],
    "message": "AIGW_GITLAB_URL is \"gitlab.example.com\", which is no http or https address.",
    "fix": "Write the whole address, such as https://gitlab.example.com.",
    "mechanical": false
  },
  "gateway-gitlab-url-missing": {
    "why": "The AI gateway fetches the keys for checking tokens from the GitLab instance. Without its address every request fails with a signature error. An environment that holds cloud credentials only says nothing about it and is not judged.",
    "example": [
      "gitlab:",
      "  aiGateway:",
      "    env:",
      "      AIGW_CUSTOM_MODELS__ENABLED: \"true\""
    ],
    "message": "AIGW_GITLAB_URL is not set, so the AI gateway cannot check the tokens that GitLab sends.",
    "fix": "Set AIGW_GITLAB_URL to the address of the GitLab instance.",
    "mechanical": false
  },
  "gateway-image-tag-not-explicit": {
    "why": "Images are tagged by release. `latest` does not exist, and nightly builds are not advised.",
    "example": [
      "gitlab:",
      "  aiGateway:",
      "    imageTag: latest"
    ],
    "message": "There is no image of the AI gateway with the tag latest.",
    "fix": "Write the tag of your release, of the form self-hosted-vX.Y.Z-ee.",
    "mechanical": false
  },
  "gateway-model-timeout-shorter": {
    "example": [
      "gitlab:",
      "  aiGateway:",
      "    timeoutSeconds: 120",
      "    env:",
      "      AIGW_DUO_CHAT__MODEL_REQUEST_TIMEOUT: \"30\""
    ],
    "message": "GitLab waits 120 s for the AI gateway, which waits 30 s for the model; the smaller one decides.",
    "fix": "Set AIGW_DUO_CHAT__MODEL_REQUEST_TIMEOUT to 120 or more.",
    "mechanical": false
  },
  "gateway-portal-url-missing": {
    "why": "Two variables tell the AI gateway where the customers portal is. On an offline licence it cannot be reached, and each request waits for that.",
    "example": [
      "gitlab:",
      "  offline: true",
      "  aiGateway:",
      "    env:",
      "      AIGW_CUSTOM_MODELS__ENABLED: \"true\"",
      "      AIGW_GITLAB_URL: https://gitlab.example.com"
    ],
    "message": "The instance is offline, and the AI gateway does not set AIGW_CUSTOMER_PORTAL_URL and DUO_WORKFLOW_AUTH__OIDC_CUSTOMER_PORTAL_URL; it then tries to reach the customers portal and waits.",
    "fix": "Set both to the address of the GitLab instance.",
    "mechanical": false
  },
  "gateway-signing-keys-incomplete": {
    "example": [
      "gitlab:",
      "  aiGateway:",
      "    env:",
      "      AIGW_SELF_SIGNED_JWT__SIGNING_KEY: |-",
      "        -----BEGIN PRIVATE KEY-----",
      "        example",
      "        -----END PRIVATE KEY-----"
    ],
    "message": "AIGW_SELF_SIGNED_JWT__SIGNING_KEY is set and AIGW_SELF_SIGNED_JWT__VALIDATION_KEY is not; the two are used together.",
    "fix": "Set AIGW_SELF_SIGNED_JWT__VALIDATION_KEY too.",
    "mechanical": false
  },
  "gateway-streaming-disabled": {
    "example": [
      "gitlab:",
      "  aiGateway:",
      "    env:",
      "      AIGW_CUSTOM_MODELS__DISABLE_STREAMING: \"true\""
    ],
    "message": "AIGW_CUSTOM_MODELS__DISABLE_STREAMING is on: users wait for the whole answer.",
    "fix": "Remove it unless the server cannot stream.",
    "mechanical": true
  },
  "gateway-timeout-not-in-version": {
    "example": [
      "gitlab:",
      "  version: \"18.6\"",
      "  aiGateway:",
      "    timeoutSeconds: 60"
    ],
    "message": "GitLab 18.6 has no setting for this time-out; it came with 18.7.",
    "fix": "Remove it, or upgrade to GitLab 18.7.",
    "mechanical": false
  },
  "gateway-timeout-out-of-range": {
    "why": "The setting takes 60 to 600 seconds; another value is not saved.",
    "example": [
      "gitlab:",
      "  aiGateway:",
      "    timeoutSeconds: 30"
    ],
    "message": "timeoutSeconds is 30; GitLab saves 60 to 600.",
    "fix": "Set it to 60.",
    "mechanical": true
  },
  "gateway-url-has-credentials": {
    "example": [
      "gitlab:",
      "  aiGateway:",
      "    url: https://user:example@ai-gateway.example.com"
    ],
    "message": "The AI gateway address \"https://***@ai-gateway.example.com\" carries a user name and a password. Addresses are logged and shown; secrets in them leak.",
    "fix": "Take it out of the address: GitLab authenticates with its own tokens.",
    "mechanical": false
  },
  "gateway-url-localhost": {
    "why": "GitLab refuses localhost as the address of the AI gateway outside development, because other nodes of the instance would look for it on themselves.",
    "example": [
      "gitlab:",
      "  aiGateway:",
      "    url: http://localhost:5052"
    ],
    "message": "The AI gateway address \"http://localhost:5052\" is the GitLab machine itself, which GitLab refuses.",
    "fix": "Use the host name under which every GitLab node reaches the AI gateway.",
    "mechanical": false
  },
  "gateway-url-private-address": {
    "why": "GitLab blocks requests to private networks unless an administrator allows them. Host names are not resolved by this rule.",
    "example": [
      "gitlab:",
      "  aiGateway:",
      "    url: http://10.0.0.5:5052"
    ],
    "message": "The AI gateway address \"http://10.0.0.5:5052\" is private; GitLab may block requests to it.",
    "fix": "Add the address to the allowlist of outbound requests in the settings of GitLab.",
    "mechanical": false
  },
  "gateway-url-scheme-not-http": {
    "example": [
      "gitlab:",
      "  aiGateway:",
      "    url: ai-gateway.example.com:5052"
    ],
    "message": "The AI gateway address \"ai-gateway.example.com:5052\" is no http or https address, and GitLab refuses it.",
    "fix": "Write the whole address, such as https://ai-gateway.example.com:5052.",
    "mechanical": false
  },
  "gateway-url-too-long": {
    "example": [
      "gitlab:",
      "  aiGateway:",
      "    url: https://ai-gateway.example.com/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx… (2088 characters)"
    ],
    "message": "The AI gateway address has 2079 characters; GitLab saves up to 2048.",
    "fix": "Use a shorter address.",
    "mechanical": false
  },
  "gateway-variable-misplaced": {
    "example": [
      "gitlab:",
      "  aiGateway:",
      "    env:",
      "      AIGW_CUSTOM_MODELS__ENABLED: \"true\"",
      "      AIGW_GITLAB_URL: https://gitlab.example.com",
      "      DUO_AGENT_PLATFORM_SERVICE_SECURE: \"false\""
    ],
    "message": "DUO_AGENT_PLATFORM_SERVICE_SECURE is read by GitLab, not by the AI gateway.",
    "fix": "Set it in the environment of the GitLab instance, and remove it here.",
    "mechanical": true
  },
  "gateway-variable-unknown": {
    "why": "The AI gateway ignores variables it does not know, so a typing mistake changes nothing and says nothing.",
    "example": [
      "gitlab:",
      "  aiGateway:",
      "    env:",
      "      AIGW_GITLAB_URL: https://gitlab.example.com",
      "      AIGW_CUSTOM_MODEL__ENABLED: \"true\""
    ],
    "message": "The AI gateway knows no variable \"AIGW_CUSTOM_MODEL__ENABLED\"; it knows AIGW_CUSTOM_MODELS__ENABLED.",
    "fix": "Write AIGW_CUSTOM_MODELS__ENABLED.",
    "mechanical": true
  },
  "gateway-version-mismatch": {
    "why": "The AI gateway belongs to the same minor release as GitLab, in its newest patch release.",
    "example": [
      "gitlab:",
      "  version: \"18.2\"",
      "  aiGateway:",
      "    imageTag: self-hosted-v18.1.0-ee"
    ],
    "message": "The AI gateway is 18.1.0 and GitLab is 18.2; the two belong together by minor release.",
    "fix": "Use the newest patch release of the AI gateway for 18.2.",
    "mechanical": false
  },
  "dap-url-has-scheme": {
    "why": "The Agent Platform service speaks gRPC: GitLab wants host and port, and whether TLS is used is a setting of its own.",
    "example": [
      "gitlab:",
      "  agentPlatformUrl: https://ai-gateway.example.com:50052"
    ],
    "message": "agentPlatformUrl is \"https://ai-gateway.example.com:50052\"; with a scheme, GitLab cannot fetch a token.",
    "fix": "Write host and port only, such as ai-gateway.example.com:50052.",
    "mechanical": true
  },
  "dap-url-malformed": {
    "example": [
      "gitlab:",
      "  agentPlatformUrl: ai-gateway.example.com:50052/path"
    ],
    "message": "agentPlatformUrl is \"ai-gateway.example.com:50052/path\", which is not of the form host:port.",
    "fix": "Write host and port only, such as ai-gateway.example.com:50052.",
    "mechanical": false
  }
}
