import type { Respond } from './answer.js'
import type { Fault } from './faults/fault.js'

/** The platforms an emulator exists for. */
export type EmulatorPlatform = 'vllm'

/** How to start an emulator. Everything but `platform` has a default. */
export interface EmulatorOptions {
  /** Which protocol to speak. */
  readonly platform: EmulatorPlatform
  /** Hugging Face id of the model that is pretended to run. Default: `mistralai/Mistral-7B-Instruct-v0.3`. */
  readonly model?: string | undefined
  /** The name or names the server answers to (`--served-model-name`). Default: `model`. */
  readonly servedModelName?: string | readonly string[] | undefined
  /** The vLLM release to behave like, as PEP 440. Default: `0.11.0`. */
  readonly version?: string | undefined
  /** The API key or keys to demand on `/v1` paths. Default: none, every request passes. */
  readonly apiKey?: string | readonly string[] | undefined
  /** Port, 0 to 65535. Default: 0, a free one. */
  readonly port?: number | undefined
  /** Loopback address to listen on: `127.0.0.1`, `::1` or `localhost`. Default: `127.0.0.1`. */
  readonly host?: string | undefined
  /** Decides texts, ids and the chances of faults. The same seed and the same requests give the same answers. Default: 0. */
  readonly seed?: number | undefined
  /**
   * Divides every delay. 1 is the pace of Mistral 7B on two A100 40 GB, 10 is ten times as fast; 0 and `Infinity` both
   * mean no delay. Default: 1.
   */
  readonly speed?: number | undefined
  /** Longest prompt and output together, in tokens (`--max-model-len`). Default: 32,768. */
  readonly maxModelLength?: number | undefined
  /** Whether `tool_choice: "auto"` works (`--enable-auto-tool-choice --tool-call-parser`). Default: `false`. */
  readonly autoToolChoice?: boolean | undefined
  /** Misbehaviour, tried in this order for every request. Default: none. */
  readonly faults?: readonly Fault[] | undefined
  /** Decides the text of answers. Default: the emulator's own text. */
  readonly respond?: Respond | undefined
  /** How long an idle connection stays open, in milliseconds. Default: 5,000, as uvicorn does. */
  readonly keepAliveTimeoutMs?: number | undefined
}
