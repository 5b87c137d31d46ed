/** Reads `duo-models.yaml` and its JSON twin. The only part of this package that touches files and the environment. */

export type { ConfigurationText, ParseOptions } from './parse-configuration-text.js'
export { parseConfigurationText } from './parse-configuration-text.js'
export { readConfigurationFile } from './read-configuration-file.js'
export type { TextSource } from './text-source.js'
