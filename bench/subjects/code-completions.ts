import { createDuoModelClient } from '@duo-models/core'
import type { Subject } from './subject.js'

/** A request of an editor: what stands around the cursor. */
const prefix =
  'def merge(left: list[int], right: list[int]) -> list[int]:\n    """Merges two sorted lists."""\n'.repeat(8)
const suffix = '\n\n\nif __name__ == "__main__":\n    print(merge([1, 4], [2, 3]))\n'

/** Code completions of this project, every prompt a request of its own. */
export async function openSeparateCompletions(endpoint: string): Promise<Subject> {
  return openCompletions(endpoint, false)
}

/** The same, where prompts that are sent at the same time share requests. */
export async function openGatheredCompletions(endpoint: string): Promise<Subject> {
  return openCompletions(endpoint, {})
}

function openCompletions(endpoint: string, microBatch: false | object): Subject {
  const client = createDuoModelClient(
    { platform: 'vllm', model: 'codestral-22b-v0.1', servedModelName: 'code', endpoint },
    // A fixed limit that nobody reaches: what the adaptive one makes of this server is not the question here.
    { maxConnections: 20_000, concurrency: 20_000, microBatch },
  )
  let calls = 0
  const request = () => {
    calls += 1
    const text = `# File ${calls}
${prefix}`
    return { feature: 'code-completion' as const, prefix: text, suffix, maxOutputTokens: 64, temperature: 0 }
  }
  return {
    stream: async () => {
      let characters = 0
      for await (const event of client.stream(request()))
        if (event.type === 'text-delta') characters += event.text.length
      return { characters }
    },
    generate: async () => (await client.generate(request())).text,
    hold: () => Promise.reject(new Error('Code completions are not held open here.')),
    close: () => client.close(),
  }
}
