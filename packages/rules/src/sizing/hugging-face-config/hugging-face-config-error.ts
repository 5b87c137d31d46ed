const brand = Symbol.for('duo-models.HuggingFaceConfigError')

/** What kind of trouble a configuration file has. */
export type HuggingFaceConfigErrorCode =
  /** There is nothing in it. */
  | 'empty'
  /** It is text, but no JSON: cut off, a path, an address, Python. */
  | 'not-json'
  /** A web page, perhaps one that asks for a login. */
  | 'web-page'
  /** What a server answers when it does not hand out the file. */
  | 'server-message'
  /** Git LFS left a pointer instead of the file. */
  | 'git-lfs-pointer'
  /** Weights or an archive: GGUF, safetensors, zip. */
  | 'binary-file'
  /** JSON, but another file of the repository: a tokenizer, a LoRA adapter, generation settings. */
  | 'other-file'
  /** Larger than any configuration of a model. */
  | 'too-large'
  /** No decoder that this package knows how to size: an encoder, a diffusion model, a state-space model. */
  | 'unsupported-model'
  /** A field that is needed is not there. */
  | 'missing-field'
  /** A field has a value that cannot be. */
  | 'invalid-field'
  /** Two fields contradict each other. */
  | 'contradicting-fields'

/** What a `HuggingFaceConfigError` is made of. */
export interface HuggingFaceConfigErrorDetails {
  /** The kind of trouble. */
  readonly code: HuggingFaceConfigErrorCode
  /** The field, with the names of the objects around it: `text_config.num_hidden_layers`. Absent when the whole file is wrong. */
  readonly field?: string | undefined
  /** What was found, what was expected and what to do. */
  readonly message: string
}

/** A `config.json` that cannot be read as the architecture of a decoder. The message says what to do. */
export class HuggingFaceConfigError extends Error {
  override readonly name: string = 'HuggingFaceConfigError'
  /** The kind of trouble. */
  readonly code: HuggingFaceConfigErrorCode
  /** The field, such as `text_config.num_hidden_layers`; absent when the whole file is wrong. */
  readonly field: string | undefined

  /** Makes the error. */
  constructor({ code, field, message }: HuggingFaceConfigErrorDetails) {
    super(message)
    this.code = code
    this.field = field
    Object.defineProperty(this, brand, { value: true })
  }

  /** Whether a value is a `HuggingFaceConfigError`, of this copy of the package or of another one. */
  static is(value: unknown): value is HuggingFaceConfigError {
    return value instanceof Error && Object.hasOwn(value, brand)
  }
}
