import { createHmac, timingSafeEqual } from 'node:crypto'
import type { EmulatedAwsCredentials } from '../bedrock-emulator-options.js'
import { BedrockRequestError } from '../bedrock-request-error.js'
import { parseAuthorization, type SignatureV4Authorization, signatureAlgorithm } from './authorization-header.js'
import { canonicalRequest, type SignedRequest, sha256 } from './canonical-request.js'

/** What a signature is measured against. */
export interface SignatureExpectation {
  readonly credentials: readonly EmulatedAwsCredentials[]
  readonly region: string
  /** The server's time. */
  readonly now: Date
}

/** How far apart the clocks of client and server may be, in minutes. */
const allowedSkewMinutes = 5
const allowedSkewMs = allowedSkewMinutes * 60_000
/** The service's name in a credential scope; it is not that of the host, `bedrock-runtime`. */
const signingService = 'bedrock'
const scopeTerminator = 'aws4_request'

/** Throws what AWS answers unless the request is signed with known credentials, for this place and for now. */
export function verifySignature(request: SignedRequest, expected: SignatureExpectation): void {
  const { headers } = request
  const time = single(headers['x-amz-date']) ?? headers.date
  const authorization = parseAuthorization(headers.authorization ?? '', time !== undefined)
  const timestamp = readTimestamp(time ?? '')
  checkScope(authorization, timestamp, expected.region)
  const credentials = findCredentials(authorization.accessKeyId, single(headers['x-amz-security-token']), expected)
  checkClock(timestamp, expected.now)
  checkSignedHeaders(authorization.signedHeaders)
  const wanted = signatureOf(request, authorization, timestamp, credentials.secretAccessKey)
  if (!isSame(wanted, authorization.signature)) throw new BedrockRequestError('InvalidSignatureException')
}

function single(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.[0]
}

/** `x-amz-date` is in ISO 8601's basic format; a `date` header, which may stand in for it, is not. */
function readTimestamp(time: string): string {
  if (/^\d{8}T\d{6}Z$/.test(time)) return time
  const parsed = Date.parse(time)
  if (Number.isNaN(parsed))
    throw invalidSignature(`Date must be in ISO-8601 'basic format'. Got '${time.slice(0, 40)}'.`)
  return basicFormat(new Date(parsed))
}

/** A time as signatures spell it: `20251122T120000Z`. */
function basicFormat(time: Date): string {
  return time.toISOString().replace(/[-:]|\.\d+/g, '')
}

function checkScope(
  { date, region, service, terminator }: SignatureV4Authorization,
  timestamp: string,
  expectedRegion: string,
): void {
  const complaints: string[] = []
  if (region !== expectedRegion) complaints.push('Credential should be scoped to a valid region. ')
  if (service !== signingService)
    complaints.push(`Credential should be scoped to correct service: '${signingService}'. `)
  if (terminator !== scopeTerminator)
    complaints.push(`Credential should be scoped with a valid terminator: '${scopeTerminator}'. `)
  if (date !== timestamp.slice(0, 8))
    complaints.push(
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${date.slice(0, 40)}' != '${timestamp.slice(0, 8)}', from '${timestamp}'.`,
    )
  if (complaints.length > 0) throw invalidSignature(complaints.join(''))
}

function findCredentials(
  accessKeyId: string,
  sessionToken: string | undefined,
  { credentials }: SignatureExpectation,
): EmulatedAwsCredentials {
  const found = credentials.find((candidate) => candidate.accessKeyId === accessKeyId)
  if (found === undefined || found.sessionToken !== sessionToken)
    throw new BedrockRequestError('UnrecognizedClientException')
  if (found.expired === true) throw new BedrockRequestError('ExpiredTokenException')
  return found
}

function checkClock(timestamp: string, now: Date): void {
  const signedAt = Date.parse(timestamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'))
  const server = basicFormat(now)
  const earliest = now.getTime() - allowedSkewMs
  const latest = now.getTime() + allowedSkewMs
  if (signedAt < earliest) {
    const bound = basicFormat(new Date(earliest))
    throw invalidSignature(
      `Signature expired: ${timestamp} is now earlier than ${bound} (${server} - ${allowedSkewMinutes} min.)`,
    )
  }
  if (!(signedAt <= latest)) {
    const bound = basicFormat(new Date(latest))
    throw invalidSignature(
      `Signature not yet current: ${timestamp} is still later than ${bound} (${server} + ${allowedSkewMinutes} min.)`,
    )
  }
}

function checkSignedHeaders(signedHeaders: readonly string[]): void {
  if (signedHeaders.includes('host') || signedHeaders.includes(':authority')) return
  throw invalidSignature("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.")
}

function signatureOf(
  request: SignedRequest,
  { date, region, service, terminator, signedHeaders }: SignatureV4Authorization,
  timestamp: string,
  secretAccessKey: string,
): string {
  const scope = [date, region, service, terminator]
  const hash = sha256(canonicalRequest(request, signedHeaders))
  const text = [signatureAlgorithm, timestamp, scope.join('/'), hash].join('\n')
  const key = scope.reduce<string | Buffer>((secret, part) => hmac(secret, part), `AWS4${secretAccessKey}`)
  return hmac(key, text).toString('hex')
}

function hmac(key: string | Buffer, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest()
}

function isSame(wanted: string, given: string): boolean {
  const [left, right] = [Buffer.from(wanted), Buffer.from(given)]
  return left.length === right.length && timingSafeEqual(left, right)
}

function invalidSignature(message: string): BedrockRequestError {
  return new BedrockRequestError('InvalidSignatureException', message)
}
