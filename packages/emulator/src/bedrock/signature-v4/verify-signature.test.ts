import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BedrockRequestError } from '../bedrock-request-error.js'
import { canonicalRequest, type SignedRequest, sha256 } from './canonical-request.js'
import { verifySignature } from './verify-signature.js'

const now = new Date('2025-11-22T12:00:00Z')
const expected = { credentials: [{ accessKeyId: 'AKID', secretAccessKey: 'secret' }], region: 'us-east-1', now }

const scope = 'AKID/20251122/us-east-1/bedrock/aws4_request'
const signed = 'SignedHeaders=host;x-amz-date'

function request(authorization: string, headers: Record<string, string> = {}): SignedRequest {
  return {
    method: 'POST',
    pathname: '/model/a%3A0/converse',
    query: '',
    headers: { host: 'x', 'x-amz-date': '20251122T120000Z', authorization, ...headers },
    bodyBytes: Buffer.from('{}'),
  }
}

function refusal(sent: SignedRequest): { exception: string; message: string } {
  try {
    verifySignature(sent, expected)
  } catch (error) {
    if (error instanceof BedrockRequestError) return { exception: error.exception, message: error.message }
    throw error
  }
  return { exception: 'none', message: '' }
}

describe('the canonical request', () => {
  test('is the one of the documented example', () => {
    const example: SignedRequest = {
      method: 'GET',
      pathname: '/',
      query: 'Version=2010-05-08&Action=ListUsers',
      headers: {
        host: 'iam.amazonaws.com',
        'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
        'x-amz-date': '20150830T123600Z',
      },
      bodyBytes: new Uint8Array(),
    }
    const text = canonicalRequest(example, ['content-type', 'host', 'x-amz-date'])
    expect(sha256(text)).toBe('f536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59')
  })

  test('escapes an escaped path once more, and takes the authority for the host', () => {
    const lines = canonicalRequest({ ...request(''), headers: { ':authority': 'h:1' } }, [':authority', 'host']).split(
      '\n',
    )
    expect(lines[1]).toBe('/model/a%253A0/converse')
    expect(lines.slice(3, 5)).toEqual([':authority:h:1', 'host:h:1'])
  })

  test('folds blanks in values and ends in the hash of the body as it was received', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bodyBytes) => {
        const sent = { ...request('', { 'x-a': '  a   b ' }), bodyBytes }
        const lines = canonicalRequest(sent, ['x-a']).split('\n')
        expect(lines[3]).toBe('x-a:a b')
        expect(lines.at(-1)).toBe(createHash('sha256').update(bodyBytes).digest('hex'))
      }),
    )
  })
})

describe('a header that is not complete', () => {
  test.each([
    ['AWS4-HMAC-SHA256 ', /requires 'Credential' parameter.*requires 'Signature' parameter.*requires 'SignedHeaders'/],
    [`AWS4-HMAC-SHA256 Credential=${scope}, ${signed}`, /^Authorization header requires 'Signature' parameter\.$/],
    [
      `AWS4-HMAC-SHA256 Credential=AKID/x, ${signed}, Signature=a`,
      /Credential must have exactly 5 slash-delimited elements/,
    ],
  ])('%s', (authorization, message) => {
    const { exception, message: text } = refusal(request(authorization))
    expect(exception).toBe('IncompleteSignatureException')
    expect(text).toMatch(message)
  })

  test('lacks a date', () => {
    const { headers, ...rest } = request(`AWS4-HMAC-SHA256 Credential=${scope}, ${signed}, Signature=a`)
    const { 'x-amz-date': _, ...others } = headers
    expect(refusal({ ...rest, headers: others }).message).toMatch(
      /existence of either a 'X-Amz-Date' or a 'Date' header/,
    )
  })
})

describe('a scope that does not fit', () => {
  test.each([
    ['AKID/20251122/eu-west-1/bedrock/aws4_request', /scoped to a valid region/],
    ['AKID/20251122/us-east-1/bedrock-runtime/aws4_request', /scoped to correct service: 'bedrock'/],
    ['AKID/20251122/us-east-1/bedrock/aws5', /valid terminator: 'aws4_request'/],
    ['AKID/20251121/us-east-1/bedrock/aws4_request', /'20251121' != '20251122', from '20251122T120000Z'/],
  ])('%s', (credential, message) => {
    const sent = request(`AWS4-HMAC-SHA256 Credential=${credential}, ${signed}, Signature=a`)
    expect(refusal(sent)).toEqual({ exception: 'InvalidSignatureException', message: expect.stringMatching(message) })
  })
})

test('host must be signed', () => {
  const sent = request(`AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=x-amz-date, Signature=a`)
  expect(refusal(sent).message).toBe("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.")
})

test('a date that is none is named', () => {
  const sent = request(`AWS4-HMAC-SHA256 Credential=${scope}, ${signed}, Signature=a`, { 'x-amz-date': 'today' })
  expect(refusal(sent).message).toMatch(/ISO-8601 'basic format'. Got 'today'/)
})

test('the bounds of five minutes are exact', () => {
  const at = (time: string) => {
    const sent = request(`AWS4-HMAC-SHA256 Credential=${scope}, ${signed}, Signature=a`, { 'x-amz-date': time })
    return refusal(sent).message.split(' ').slice(0, 2).join(' ')
  }
  expect(at('20251122T115459Z')).toBe('Signature expired:')
  expect(at('20251122T115500Z')).toBe('The request')
  expect(at('20251122T120500Z')).toBe('The request')
  expect(at('20251122T120501Z')).toBe('Signature not')
})

test('whatever is sent is refused in words, which never repeat the signature', () => {
  const signature = 'deadbeefcafe'
  fc.assert(
    fc.property(fc.string(), fc.string(), (text, time) => {
      const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, ${text}, Signature=${signature}`
      const { exception, message } = refusal(request(authorization, { 'x-amz-date': time }))
      expect(exception).toMatch(/Exception$/)
      expect(message).not.toContain(signature)
    }),
  )
})
