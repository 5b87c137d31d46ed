/** Why a rule matters, in a few plain sentences, for its page. Rules whose description says it all have none. */
export const ruleReasons: Readonly<Record<string, string>> = {
  'endpoint-missing-v1':
    'GitLab and this client append the operation, such as `/chat/completions`, to the address they are given. Without `/v1` the server has no such route and answers 404. It is the most frequent mistake of all.',
  'endpoint-has-operation-path':
    'The operation is appended to the address. One that is there already ends up in it twice, and the server answers 404.',
  'endpoint-trailing-slash':
    'The AI gateway removes one slash on its newer path and none on its older one, so some calls work and others get a double slash.',
  'endpoint-too-long-for-gateway':
    'GitLab saves addresses of up to 2048 characters, and the AI gateway takes 255. Saving works, and every request then fails.',
  'endpoint-has-credentials':
    'Addresses turn up in logs, metrics and error messages, which people do not treat as secret. The message of this rule hides what it found.',
  'endpoint-localhost-from-gateway':
    'The AI gateway runs in a container. There, localhost is the container, not the machine that the model server runs on. The rule speaks only where the configuration says something about an AI gateway.',
  'azure-endpoint-has-operation-path':
    'The Azure portal shows the address of a whole operation, ready to be copied. Here the address of the resource is wanted; the deployment and the API version have fields of their own.',
  'identifier-missing-prefix':
    'The AI gateway splits an identifier at the first slash; what stands before it is the provider. Without a slash it assumes `custom_openai`, which is right for vLLM by luck and wrong for Amazon Bedrock and Azure OpenAI.',
  'identifier-unknown-provider':
    'The AI gateway splits an identifier at the first slash. A bare Hugging Face id such as `mistralai/Codestral-22B-v0.1` is therefore read as the provider `mistralai`, which does not exist. Providers are case-sensitive.',
  'identifier-provider-platform-mismatch':
    'The provider decides which protocol the AI gateway speaks and where it sends the request, whatever the platform field says.',
  'identifier-served-name-mismatch':
    'What follows the provider is sent to the server as the model name. The server compares it letter by letter with the names it lists and answers 404 for any other. Only stated names are compared. On Amazon Bedrock both names may exist, so it is a warning there.',
  'identifier-without-name':
    'With nothing behind the slash the AI gateway sends the whole identifier, slash included, as the model name.',
  'served-name-has-provider':
    'The provider in front is a matter between GitLab and its AI gateway. Amazon Bedrock and Azure OpenAI know their own names only.',
  'bedrock-arn-needs-converse':
    'An application inference profile is named by its ARN. The AI gateway reaches it through the Converse operation only, and `converse/` selects that.',
  'bedrock-needs-inference-profile':
    'Newer Claude and Llama models are not sold on demand under their base id in most Regions. Bedrock answers 400 and says that on-demand throughput is not supported. An inference profile id has a geography in front, such as `us.`, `eu.`, `apac.` or `global.`.',
  'bedrock-region-prefix-mismatch':
    'An inference profile can be called from the Regions of its geography only. The list of geographies is open: one that is not known here is not judged.',
  'bedrock-model-id-names-other-model':
    'Verdicts are about the model that the deployment names, and requests go to the one that the id names.',
  'aws-credentials-missing':
    'The identity that calls Amazon Bedrock is the AI gateway’s own, from the environment of its container. The rule speaks only where that environment is stated.',
  'aws-temporary-credentials-unsupported':
    'Before GitLab 18.10 the AI gateway is documented for long-lived keys only. Session tokens, instance roles and service account roles lead to authentication errors.',
  'aws-region-variable-not-checked':
    'Both names work for requests. The check script that comes with the AI gateway reads one of them and reports the other as missing.',
  'api-key-ignored':
    'GitLab has a field for an API key and ignores it for Amazon Bedrock. Whoever relies on it wonders about access errors later.',
  'serve-args-malformed':
    '`serveArgs` is the whole argument list of `vllm serve`, as one line with shell quotes or as a list with one argument per entry. It is read into the same facts as the fields of `server`.',
  'serve-args-conflict':
    'A fact that is stated twice may be stated differently. The fields are what the rest of the check goes by, and the command is what the server was started with.',
  'vllm-chat-template-missing':
    'GitLab uses the chat route for every feature, code completion included. A server whose model has no chat template answers it with 404, while `/v1/models` works.',
  'vllm-request-logging': 'Writing every prompt to the log takes time and keeps source code in log files.',
  'model-name-look-alike':
    'A name that was copied from a document may hold a Cyrillic letter or a special dash. It looks right and matches nothing. Names are never corrected silently, because the next one may be another model.',
  'model-family-mismatch':
    'The family decides which prompts and which fill-in-the-middle tokens the AI gateway sends. Another model’s prompts work badly without any error. The family `general` is for any model.',
  'gateway-custom-models-disabled':
    'The self-hosted image sets the variable to true. Where it is overwritten, requests that name an endpoint are refused.',
  'gateway-auth-bypassed':
    'The variable is a help for troubleshooting. Where `gitlab.environment` is production it is an error, otherwise a warning.',
  'gateway-gitlab-url-missing':
    'The AI gateway fetches the keys for checking tokens from the GitLab instance. Without its address every request fails with a signature error. An environment that holds cloud credentials only says nothing about it and is not judged.',
  'gateway-image-tag-not-explicit':
    'Images are tagged by release. `latest` does not exist, and nightly builds are not advised.',
  'gateway-version-mismatch':
    'The AI gateway belongs to the same minor release as GitLab, in its newest patch release.',
  'gateway-url-localhost':
    'GitLab refuses localhost as the address of the AI gateway outside development, because other nodes of the instance would look for it on themselves.',
  'gateway-url-private-address':
    'GitLab blocks requests to private networks unless an administrator allows them. Host names are not resolved by this rule.',
  'gateway-timeout-out-of-range': 'The setting takes 60 to 600 seconds; another value is not saved.',
  'gateway-portal-url-missing':
    'Two variables tell the AI gateway where the customers portal is. On an offline licence it cannot be reached, and each request waits for that.',
  'gateway-variable-unknown':
    'The AI gateway ignores variables it does not know, so a typing mistake changes nothing and says nothing.',
  'dap-url-has-scheme':
    'The Agent Platform service speaks gRPC: GitLab wants host and port, and whether TLS is used is a setting of its own.',
  'gpu-below-minimum':
    'The documentation names a set of GPUs for some model sizes. Fewer cards of the same product are below it, even where their memory would do.',
  'hardware-source-conflict':
    'For Mixtral 8x7B the documented minimum configuration has 160 GB, and the documented minimum memory is 220 GB. Both are kept, and neither is picked.',
  'tensor-parallel-exceeds-gpus':
    'vLLM needs one GPU for each part of the model: the tensor-parallel size times the pipeline-parallel size.',
}
