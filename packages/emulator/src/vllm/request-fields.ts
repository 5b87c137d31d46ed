/** Fields that both endpoints of 0.6.4.post1 accept. Anything outside these lists is a 400 there. */
const shared =
  'model frequency_penalty logit_bias logprobs max_tokens n presence_penalty response_format seed stop stream stream_options temperature top_p user best_of use_beam_search top_k min_p repetition_penalty length_penalty stop_token_ids include_stop_str_in_output ignore_eos min_tokens skip_special_tokens spaces_between_special_tokens truncate_prompt_tokens prompt_logprobs echo add_special_tokens guided_json guided_regex guided_choice guided_grammar guided_decoding_backend guided_whitespace_pattern priority'
const chat =
  'messages top_logprobs max_completion_tokens tools tool_choice parallel_tool_calls add_generation_prompt continue_final_message documents chat_template chat_template_kwargs request_id'
const completions = 'prompt suffix allowed_token_ids'
const tokenize = 'model prompt messages add_special_tokens add_generation_prompt continue_final_message'

const fields = (...lists: readonly string[]): ReadonlySet<string> => new Set(lists.join(' ').split(' '))

/** Every body field that vLLM 0.6.4.post1 knows, by endpoint. */
export const knownFields = {
  chat: fields(shared, chat),
  completions: fields(shared, completions),
  tokenize: fields(tokenize),
  detokenize: fields('model tokens'),
} as const
