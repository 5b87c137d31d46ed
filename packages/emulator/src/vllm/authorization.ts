import type { VllmServerState } from './vllm-server-state.js'

/** Whether a request may pass. Only paths that start with `/v1` are protected, and `OPTIONS` never is. */
export function isAuthorized(
  pathname: string,
  method: string,
  authorization: string | undefined,
  { apiKeys, behaviour }: Pick<VllmServerState, 'apiKeys' | 'behaviour'>,
): boolean {
  if (apiKeys.length === 0 || method === 'OPTIONS' || !pathname.startsWith('/v1')) return true
  const given = behaviour.bearerIgnoresCase ? authorization?.replace(/^bearer /i, 'Bearer ') : authorization
  return apiKeys.some((key) => given === `Bearer ${key}`)
}
