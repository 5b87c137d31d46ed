import { BedrockRequestError } from '../bedrock-request-error.js'

/** What an Authorization header of Signature Version 4 says. */
export interface SignatureV4Authorization {
  readonly accessKeyId: string
  /** `20251122/us-east-1/bedrock/aws4_request`, taken apart. */
  readonly date: string
  readonly region: string
  readonly service: string
  readonly terminator: string
  /** In the order of the header, in lower case. */
  readonly signedHeaders: readonly string[]
  readonly signature: string
}

/** The algorithm's name, with which the header begins. */
export const signatureAlgorithm = 'AWS4-HMAC-SHA256'

const parameters = ['Credential', 'Signature', 'SignedHeaders'] as const

/** Reads the header after its algorithm, or throws the 400 AWS answers to one that is not complete. */
export function parseAuthorization(header: string, hasDate: boolean): SignatureV4Authorization {
  const values = readParameters(header.slice(signatureAlgorithm.length))
  const missing: string[] = parameters
    .filter((name) => !values.get(name))
    .map((name) => `Authorization header requires '${name}' parameter.`)
  if (!hasDate) {
    missing.push("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")
  }
  if (missing.length > 0) throw incomplete(missing.join(' '))
  const scope = (values.get('Credential') ?? '').split('/')
  if (scope.length !== 5) {
    throw incomplete(
      `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got ${scope.length}.`,
    )
  }
  const [accessKeyId = '', date = '', region = '', service = '', terminator = ''] = scope
  const signedHeaders = (values.get('SignedHeaders') ?? '').toLowerCase().split(';')
  return { accessKeyId, date, region, service, terminator, signedHeaders, signature: values.get('Signature') ?? '' }
}

function readParameters(text: string): ReadonlyMap<string, string> {
  const pairs = text.split(',').map((part) => part.trim())
  return new Map(
    pairs.map((pair) => {
      const equals = pair.indexOf('=')
      return [pair.slice(0, Math.max(0, equals)), pair.slice(equals + 1)] as const
    }),
  )
}

function incomplete(message: string): BedrockRequestError {
  return new BedrockRequestError('IncompleteSignatureException', message)
}
