import type { DuoModelClient } from '@duo-models/core'
import colors from 'picocolors'
import { describeResponse } from './describe-response.js'
import { note } from './terminal.js'

const prefix = 'def add_tax(price, tax):\n    """The price with tax."""\n'
const suffix = '\n\nprint(add_tax(10, 2))\n'

/** Fills the gap between two pieces of code; what the model wrote stands out. */
export async function completeCode(client: DuoModelClient): Promise<void> {
  const stream = client.stream({ feature: 'code-completion', prefix, suffix, language: 'python', maxOutputTokens: 64 })
  const response = await stream.response
  console.log(`${colors.dim(prefix)}${colors.green(response.text)}${colors.dim(suffix.trimEnd())}`)
  note(describeResponse(response))
}
