import { stdout } from 'node:process'
import type { DuoModelClient } from '@duo-models/core'
import { describeResponse } from './describe-response.js'
import { note } from './terminal.js'

const question = 'How do I keep a feature branch small enough to review?'

/** Asks a question and writes the answer as it arrives. */
export async function ask(client: DuoModelClient): Promise<void> {
  note(`> ${question}`)
  const stream = client.stream({
    feature: 'duo-chat',
    messages: [
      { role: 'system', content: 'You are GitLab Duo Chat. Answer briefly.' },
      { role: 'user', content: question },
    ],
    maxOutputTokens: 160,
  })
  for await (const event of stream) if (event.type === 'text-delta') stdout.write(event.text)
  stdout.write('\n')
  note(describeResponse(await stream.response))
}
