import { expect, test } from 'vitest'
import { artifactUri } from './artifact-uri.js'

test.each([
  ['duo-models.yaml', 'duo-models.yaml'],
  ['./config/duo models.yaml', 'config/duo%20models.yaml'],
  ['../a#b?c%.yaml', '../a%23b%3Fc%25.yaml'],
  ['config\\duo.yaml', 'config/duo.yaml'],
  ['/etc/duo.yaml', 'file:///etc/duo.yaml'],
  ['C:\\duo\\a b.yaml', 'file:///C:/duo/a%20b.yaml'],
  ['\\\\server\\share\\a.yaml', 'file://server/share/a.yaml'],
  ['a:b.yaml', 'a%3Ab.yaml'],
  ['<stdin>', '%3Cstdin%3E'],
  ['\ud800.yaml', '%EF%BF%BD.yaml'],
])('%j is %s', (path, uri) => {
  expect(artifactUri(path)).toBe(uri)
})
