import { library } from '../../tsup.base.js'

export default library([
  'src/index.ts',
  'src/azure-openai/index.ts',
  'src/bedrock/index.ts',
  'src/openai-compatible/index.ts',
  'src/testing/index.ts',
  'src/vllm/index.ts',
])
