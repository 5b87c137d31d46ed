/**
 * The words every package shares. Ids are the documentation's columns in kebab-case, or GitLab's own keys verbatim.
 * A platform's private spelling (`aws-bedrock`, `AWS Bedrock`) never leaves the data files.
 */

/** Where a model is served. The documentation calls it "serving platform". */
export type PlatformId = 'vllm' | 'bedrock' | 'azure-openai'

/** How well a model does a feature, in one of two scales that never convert into each other. */
export type SupportLevel = GradedSupportLevel | ConfigurableSupportLevel | 'unlisted'

/**
 * The scale of generally available models. Pages up to 18.6 word it "Fully compatible", "Largely compatible", "Not
 * compatible" and "Not applicable"; from 18.7 on "Full", "Partial" and "Limited functionality", where Limited has the
 * definition of Not compatible and is `none` too.
 */
export type GradedSupportLevel = 'full' | 'partial' | 'none' | 'not-applicable'

/** The scale of experimental models: configurable for the feature or not. It says nothing about quality. */
export type ConfigurableSupportLevel = 'yes' | 'no'

/** What GitLab promises about a model. `beta` is a status of 17.9 and 17.10, and of every model that is compatible only. */
export type SupportStatus = 'generally-available' | 'beta' | 'experimental'

/** A column of the models table, in kebab-case. `agent-platform` is a column of the table of GitLab 18.7 and later. */
export type FeatureColumnId = 'code-completion' | 'code-generation' | 'duo-chat' | 'agent-platform'

/** GitLab's own key of a feature setting, verbatim (`ai_feature_settings.feature`). */
export type FeatureSettingKey =
  | 'code_completions'
  | 'code_generations'
  | 'duo_chat'
  | 'duo_chat_explain_code'
  | 'duo_chat_write_tests'
  | 'duo_chat_refactor_code'
  | 'duo_chat_fix_code'
  | 'duo_chat_troubleshoot_job'
  | 'duo_chat_explain_vulnerability'
  | 'duo_chat_summarize_comments'
  | 'generate_commit_message'
  | 'summarize_new_merge_request'
  | 'resolve_vulnerability'
  | 'summarize_review'
  | 'glab_ask_git_command'
  | 'review_merge_request'
  | 'review_merge_request_dap'
  | 'duo_agent_platform'
  | 'duo_agent_platform_agentic_chat'
  | 'sast_vulnerability_fp_detection'
  | 'sast_vulnerability_resolution'
  | 'secret_vulnerability_fp_detection'

/** What the user does with a model: a column of the documentation, or one of GitLab's own setting keys. */
export type FeatureId = FeatureColumnId | FeatureSettingKey

/** GitLab's stable key of a model family. The documentation's family label changes; this key does not. */
export type FamilyKey =
  | 'mistral'
  | 'mixtral'
  | 'codestral'
  | 'llama3'
  | 'codegemma'
  | 'codellama'
  | 'deepseekcoder'
  | 'claude_3'
  | 'gpt'
  | 'general'
  | 'gemini'
  | 'embedding'
  | 'qwen'

/** A GitLab licence tier. `free` never entitles to GitLab Duo Self-Hosted. */
export type Tier = 'free' | 'premium' | 'ultimate'

/** How much a finding weighs: `error` stops a deployment, `warning` asks for a decision, `info` only tells. */
export type Severity = 'error' | 'warning' | 'info'

/**
 * The one word for a deployment or a whole configuration.
 *
 * - `compatible`, `compatible-with-limitations`, `not-compatible`, `not-applicable`: the worst requested feature of a
 *   generally available model.
 * - `experimental`, `not-offered`: the same for an experimental model that says Yes, or No.
 * - `unsupported-model`, `unsupported-platform`, `unsupported-feature`: not listed, or not there in this release.
 * - `invalid`: refused, known to fail, or forbidden. `insufficient-hardware`: below a stated minimum.
 * - `source-conflict`: the sources contradict each other, and both are reported. `unknown`: they say nothing.
 * - `warning`: may work, but the documentation advises otherwise. `ok`: no objection, and no feature was asked for.
 */
export type Verdict =
  | 'invalid'
  | 'unsupported-model'
  | 'unsupported-platform'
  | 'unsupported-feature'
  | 'insufficient-hardware'
  | 'source-conflict'
  | 'not-compatible'
  | 'not-offered'
  | 'not-applicable'
  | 'experimental'
  | 'compatible-with-limitations'
  | 'warning'
  | 'unknown'
  | 'compatible'
  | 'ok'
