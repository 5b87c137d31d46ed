import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isLoopback, isPrivateAddress } from './network-address.js'
import { isUsualAddress, isUsualGatewayAddress } from './usual-address.js'

const piece = fc.constantFrom(
  ...['a', 'gpu-1', 'v1', '/v1', '1', '7b', '0x7f', '09', '255', '256', '127.0.0.1', '10.0.0.256', 'xn--a', 'A', '_'],
  ...['.', '..', '-', '/', '//', ':80', ':8000', ':08', ':59999', ':60000', ':99999', '@', '?', '#', '=', '%41', 'é'],
  ...[' ', 'localhost', '[::1]', '\\', '\t', '\n'],
)
const address = fc
  .tuple(fc.constantFrom('http://', 'https://', 'HTTP://', 'ftp://', 'http:/', ''), fc.array(piece, { maxLength: 5 }))
  .map(([scheme, pieces]) => scheme + pieces.join(''))

test.each([
  'http://gpu-1:8000/v1',
  'https://a.b.example.com/v1',
  'http://10.0.0.5:30080/v1',
  'http://7b.gpu.lan/v1',
  'http://localhosts/v1',
])('%s is usual on vLLM', (text) => expect(isUsualAddress(text, 'vllm')).toBe(true))

test.each(['http://localhost:8000/v1', 'http://a.localhost/v1', 'http://127.0.0.1/v1', 'http://0.0.0.0:8000/v1'])(
  '%s is left to the rules',
  (text) => expect(isUsualAddress(text, 'vllm')).toBe(false),
)

test('without /v1 an address is usual everywhere but on vLLM', () => {
  expect(isUsualAddress('https://example.openai.azure.com', 'azure-openai')).toBe(true)
  expect(isUsualAddress('https://example.openai.azure.com', 'vllm')).toBe(false)
})

test('a usual address is an http URL with a host, perhaps a port and /v1, and nothing else', () => {
  fc.assert(
    fc.property(fc.oneof(address, fc.webUrl()), fc.constantFrom('vllm', 'bedrock'), (text, platform) => {
      if (!isUsualAddress(text, platform)) return
      const url = new URL(text)
      const { protocol, pathname, username, password, search, hash } = url
      expect(['http:', 'https:']).toContain(protocol)
      expect(platform === 'vllm' ? ['/v1'] : ['/', '/v1']).toContain(pathname)
      expect([username, password, search, hash]).toEqual(['', '', '', ''])
      expect(text.length).toBeLessThanOrEqual(255)
      expect(isLoopback(url)).toBe(false)
    }),
    { numRuns: 2_000 },
  )
})

test('a usual address of the gateway names a machine, and nothing else', () => {
  expect(isUsualGatewayAddress('https://gateway.example.com:5052')).toBe(true)
  fc.assert(
    fc.property(fc.oneof(address, fc.webUrl()), (text) => {
      if (!isUsualGatewayAddress(text)) return
      const url = new URL(text)
      expect(['http:', 'https:']).toContain(url.protocol)
      expect([url.pathname, url.username, url.password, url.search, url.hash]).toEqual(['/', '', '', '', ''])
      expect(isLoopback(url) || isPrivateAddress(url)).toBe(false)
    }),
    { numRuns: 2_000 },
  )
})
