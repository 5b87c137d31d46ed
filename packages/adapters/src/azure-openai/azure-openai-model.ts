/** What a model on Azure OpenAI takes, as far as it is known before it is asked. */
export interface AzureOpenAIModel {
  /** Whether it takes no other `temperature` and `top_p` than its own. */
  readonly refusesSampling: boolean
  /** Whether it takes no `stop`. */
  readonly refusesStop: boolean
}

/** The o-series and GPT-5, but not its chat models. From GPT-5.1 on, sampling depends on the effort: the server knows. */
const withoutSampling = /^o\d|^gpt-?5(?![.\d])(?!.*-chat)/
/** The o-series and GPT-5 up to 5.4. */
const withoutStop = /^o\d|^gpt-?5(?:\.[0-4])?(?![.\d])(?!.*-chat)/

/**
 * The rules of a model by its catalog id. Sources: "Azure OpenAI reasoning models", Not Supported; BERTopic issue 2423 and
 * LiteLLM pull request 28650 about `stop`.
 */
export function describeAzureOpenAIModel(model: string): AzureOpenAIModel {
  const name = model.toLowerCase()
  return { refusesSampling: withoutSampling.test(name), refusesStop: withoutStop.test(name) }
}
