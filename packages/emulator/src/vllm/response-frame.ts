/** What all chunks and the whole response of one request have in common. */
export interface ResponseFrame {
  readonly id: string
  readonly created: number
  readonly model: string
}
