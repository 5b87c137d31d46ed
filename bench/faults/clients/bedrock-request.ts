import { secretKey } from '../fault-case.js'

/** The model that is asked; the servers here take any. */
export const bedrockModelId = 'anthropic.claude-3-5-sonnet-20241022-v2:0'

/** Keys as the AWS SDK finds them; the secret one is never sent, the session token is. */
export function setAwsCredentials(): void {
  process.env['AWS_ACCESS_KEY_ID'] = 'AKIABENCHMARK'
  process.env['AWS_SECRET_ACCESS_KEY'] = 'benchmark'
  process.env['AWS_SESSION_TOKEN'] = secretKey
}
