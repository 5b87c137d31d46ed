import { library } from '../../tsup.base.js'

export default library(['src/index.ts', 'src/testing/index.ts', 'src/vllm/index.ts'])
