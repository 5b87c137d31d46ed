/** What vLLM reports about a request it refuses. */
export interface VllmErrorDetails {
  readonly status: number
  /** vLLM's `type`: `BadRequestError`, `NotFoundError`, … or, for invalid input, `Bad Request`. */
  readonly type: string
  readonly message: string
  readonly param: string | null
}

/** A request that is refused. Thrown while a request is read; becomes vLLM's error body of the running version. */
export class VllmRequestError extends Error implements VllmErrorDetails {
  override readonly name = 'VllmRequestError'
  readonly status: number
  readonly type: string
  readonly param: string | null

  constructor(details: VllmErrorDetails) {
    super(details.message)
    this.status = details.status
    this.type = details.type
    this.param = details.param
  }
}

/** A 400 of type `BadRequestError`. */
export function badRequest(message: string, param: string | null = null): VllmRequestError {
  return new VllmRequestError({ status: 400, type: 'BadRequestError', message, param })
}

/** The 404 for a model name the server does not answer to. */
export function unknownModel(model: string, namesParam: boolean): VllmRequestError {
  const message = `The model \`${model}\` does not exist.`
  return new VllmRequestError({ status: 404, type: 'NotFoundError', message, param: namesParam ? 'model' : null })
}
