/** What the benchmark of the rules measures; bundled, as it is when published. */
export { checkConfig, compatibility } from '@duo-models/rules'
export { leastCheck, leastLookUp, threeDeployments } from '../inputs/typical-configuration.js'
export { similarConfigurations, variedConfigurations } from '../inputs/varied-configurations.js'
