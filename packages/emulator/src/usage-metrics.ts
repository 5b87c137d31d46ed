import type { Engine } from './engine/engine.js'
import type { GenerationMeter } from './output/run-plans.js'

/** Counts requests and tokens of a cloud service, which has no metrics endpoint of its own, by model or deployment. */
export class UsageMetrics {
  readonly #requests = new Map<string, number>()
  readonly #inputTokens = new Map<string, number>()
  readonly #outputTokens = new Map<string, number>()

  /** One request was answered. `model` is empty while none has been found for it. */
  countRequest(model: string, status: number): void {
    add(this.#requests, labels({ model, status: String(status) }), 1)
  }

  /** Tokens of one prompt. */
  countInput(model: string, tokens: number): void {
    add(this.#inputTokens, labels({ model }), tokens)
  }

  /** Counts what is generated for one request. */
  meter(model: string): GenerationMeter {
    return { step: (tokens) => add(this.#outputTokens, labels({ model }), tokens), finish: () => undefined }
  }

  /** The counts in Prometheus' text format. */
  text(engine: Engine): string {
    const { running, waiting } = engine.load()
    return [
      series('emulator_requests_total', 'counter', 'Requests answered, by model and status.', this.#requests),
      series('emulator_input_tokens_total', 'counter', 'Prompt tokens read, by model.', this.#inputTokens),
      series('emulator_output_tokens_total', 'counter', 'Tokens generated, by model.', this.#outputTokens),
      series('emulator_requests_running', 'gauge', 'Requests being generated for.', new Map([['', running]])),
      series('emulator_requests_waiting', 'gauge', 'Requests waiting for the engine.', new Map([['', waiting]])),
    ].join('')
  }
}

function add(counts: Map<string, number>, key: string, amount: number): void {
  counts.set(key, (counts.get(key) ?? 0) + amount)
}

function labels(values: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(values).map(([name, value]) => `${name}=${JSON.stringify(value)}`)
  return `{${pairs.join(',')}}`
}

function series(name: string, type: string, help: string, values: ReadonlyMap<string, number>): string {
  const lines = [...values].map(([label, value]) => `${name}${label} ${value}\n`)
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`
}
