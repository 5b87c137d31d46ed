// Checks a configuration without asking any server, and ends with 1 where it has errors.
//   node --import tsx examples/check-configuration/check-configuration.ts [duo-models.yaml]
import { fileURLToPath } from 'node:url'
import { readConfigurationFile } from '@duo-models/core/configuration-file'
import { checkConfig, formatReport } from '@duo-models/rules'

const path = process.argv[2] ?? fileURLToPath(new URL('./duo-models.yaml', import.meta.url))
// The secrets are not needed for a check, so `${NAME}` stays as it is written.
const { input } = await readConfigurationFile(path, { environment: false })
const report = checkConfig(input)

console.log(formatReport(report, 'pretty'))
process.exitCode = report.ok ? 0 : 1
