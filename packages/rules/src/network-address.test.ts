import { expect, test } from 'vitest'
import { isHostAndPort } from './host-and-port.js'
import { httpUrl, isLoopback, isPrivateAddress } from './network-address.js'

const kind = (address: string) => {
  const url = httpUrl(address)
  if (url === undefined) return 'none'
  if (isLoopback(url)) return 'loopback'
  return isPrivateAddress(url) ? 'private' : 'public'
}

test.each([
  ['http://localhost:5052', 'loopback'],
  ['http://LOCALHOST', 'loopback'],
  ['http://127.1', 'loopback'],
  ['http://2130706433', 'loopback'],
  ['http://[::1]:5052', 'loopback'],
  ['http://0.0.0.0', 'loopback'],
  ['http://a.localhost', 'loopback'],
  ['http://localhost.example.com', 'public'],
  ['http://10.1.2.3', 'private'],
  ['http://172.31.0.1', 'private'],
  ['http://172.32.0.1', 'public'],
  ['http://192.168.1.1', 'private'],
  ['http://169.254.169.254', 'private'],
  ['http://[fd00::1]', 'private'],
  ['https://10.example.com', 'public'],
  ['ftp://10.0.0.1', 'none'],
  ['gateway:5052', 'none'],
])('%s is %s', (address, expected) => {
  expect(kind(address)).toBe(expected)
})

test.each([
  ['host', true],
  ['host.example.com:50052', true],
  ['[::1]:50052', true],
  ['host:0', false],
  ['host:65536', false],
  ['host:port', false],
  ['host/path', false],
  ['-host', false],
  ['', false],
])('%s as host and port: %s', (text, expected) => {
  expect(isHostAndPort(text)).toBe(expected)
})
