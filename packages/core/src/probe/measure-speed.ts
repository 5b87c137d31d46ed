import type { AdapterConnection, AdapterRequest, Timing } from '@duo-models/adapters'
import type { Call } from '../call.js'
import type { Deployment } from '../deployment.js'
import { openStream } from '../stream-source.js'
import { countContent, StreamTiming } from '../stream-timing.js'

const maxOutputTokens = 16
const prompt = 'Count from 1 to 9: 1 2 3'

/**
 * Sends one tiny streamed request and times its answer. Where raw prompts can be sent it is one, because models for code
 * completion may have no chat template.
 * @throws DuoModelError as any call
 */
export async function measureSpeed(deployment: Deployment, connection: AdapterConnection, call: Call): Promise<Timing> {
  const request: AdapterRequest = deployment.readyAdapter?.supportsRawPrompts
    ? { kind: 'completion', prompt, maxOutputTokens }
    : { kind: 'chat', messages: [{ role: 'user', content: prompt }], maxOutputTokens }
  const timing = new StreamTiming()
  const startedMs = call.elapsedMs()
  const attempt = { connection, prepared: { request }, call: call.startAttempt() }
  const { iterator, first } = await openStream(attempt, call)
  for (let batch = first; ; ) {
    const elapsedMs = call.elapsedMs() - startedMs
    timing.record(countContent(batch), elapsedMs)
    if (batch.at(-1)?.type === 'response-end') return timing.finish(elapsedMs)
    const item = await call.wait(iterator.next())
    if (item.done === true) throw new RangeError('A stream ends with its last event.')
    batch = item.value
  }
}
