import type { Respond } from './answer.js'
import type { Fault } from './faults/fault.js'

/** Options that every platform's emulator takes. All have a default. */
export interface CommonEmulatorOptions {
  /**
   * The API key or keys to demand: as a bearer token of vLLM and of Amazon Bedrock (where signatures stay possible), as
   * `api-key` header or bearer token of Azure OpenAI. Default: none, every key passes (with Azure OpenAI, unless
   * `entraToken` is given).
   */
  readonly apiKey?: string | readonly string[] | undefined
  /** Port, 0 to 65535. Default: 0, a free one. */
  readonly port?: number | undefined
  /** Loopback address to listen on: `127.0.0.1`, `::1` or `localhost`. Default: `127.0.0.1`. */
  readonly host?: string | undefined
  /** Decides texts, ids and the chances of faults. The same seed and the same requests give the same answers. Default: 0. */
  readonly seed?: number | undefined
  /**
   * Divides every delay. 1 is the pace of the machine that is pretended to be there: for vLLM see `machine`, for the others
   * that of Mistral 7B on two A100 40 GB; 10 is ten times as fast; 0 and `Infinity` both mean no delay. Default: 1.
   */
  readonly speed?: number | undefined
  /** Misbehaviour, tried in this order for every request. Default: none. */
  readonly faults?: readonly Fault[] | undefined
  /** Decides the text of answers. Default: the emulator's own text. */
  readonly respond?: Respond | undefined
  /** How long an idle connection stays open, in milliseconds. Default: 5,000 for vLLM, as uvicorn does; 60,000 for the others. */
  readonly keepAliveTimeoutMs?: number | undefined
}
