/**
 * Gives Microsoft Entra ID tokens: any `TokenCredential` of `@azure/identity`, such as `new DefaultAzureCredential()`, or an
 * object with the same method.
 */
export interface TokenCredential {
  /** Asks for a token for these scopes. It may be asked again whenever a token is about to expire. */
  getToken(scopes: string | string[], options?: { abortSignal?: AbortSignal }): Promise<AccessToken | null>
}

/** A token and how long it lasts. */
export interface AccessToken {
  readonly token: string
  /** When it expires, in milliseconds since 1970. */
  readonly expiresOnTimestamp: number
  /** When a new one should be asked for, in milliseconds since 1970. Default: five minutes before it expires. */
  readonly refreshAfterTimestamp?: number | undefined
}
