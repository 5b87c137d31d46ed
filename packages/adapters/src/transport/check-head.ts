import type { DuoModelError } from '../errors/duo-model-error.js'
import { ProtocolError } from '../errors/protocol-error.js'
import { type HttpHeaders, headerValue } from './http-exchange.js'
import { type RequestContext, requestErrorFields } from './request-context.js'

/** Refuses answers no body of which may be read: redirects and compressed bodies. */
export function checkHead(status: number, headers: HttpHeaders, context: RequestContext): DuoModelError | undefined {
  if (status >= 300 && status < 400) return refuseRedirect(status, headers, context)
  const encoding = headerValue(headers, 'content-encoding')?.trim().toLowerCase() ?? ''
  if (encoding === '' || encoding === 'identity') return undefined
  const what = `answered ${status} with a compressed body (content-encoding ${encoding.slice(0, 40)}), although identity was asked for. Turn compression off in the proxy in front of the server.`
  return new ProtocolError({ ...requestErrorFields(context, what), status })
}

/** A redirect would carry the key and the prompt to a place nobody configured. */
function refuseRedirect(status: number, headers: HttpHeaders, context: RequestContext): DuoModelError {
  const target = redirectTarget(headerValue(headers, 'location'), context.url)
  const what = `answered ${status}, a redirect to ${target}. Redirects are not followed, so that key and prompt go nowhere else. If that is the right place, set it as the endpoint.`
  return new ProtocolError({ ...requestErrorFields(context, what), status })
}

function redirectTarget(location: string | undefined, base: string): string {
  if (location === undefined) return 'an unnamed place'
  if (!URL.canParse(location, base)) return 'a place that is no URL'
  const { origin, protocol, host } = new URL(location, base)
  return origin === 'null' ? `${protocol}//${host}` : origin
}
