import { createRequire } from 'node:module'

/** An XML element, as far as tests look at it. */
export interface XmlElement {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: XmlElement[]
}

interface Saxes {
  on(event: 'error', handler: (error: Error) => void): void
  on(event: 'opentag', handler: (tag: Pick<XmlElement, 'name' | 'attributes'>) => void): void
  on(event: 'closetag', handler: () => void): void
  write(xml: string): Saxes
  close(): Saxes
}

// The declarations of saxes do not pass this repository's compiler options.
const require = createRequire(import.meta.url)
const { SaxesParser }: { SaxesParser: new () => Saxes } = require('saxes')

/** The document element of an XML 1.0 document. Throws for what is not well-formed. */
export function parseXml(xml: string): XmlElement {
  const root: XmlElement = { name: '', attributes: {}, children: [] }
  const open = [root]
  const parser = new SaxesParser()
  parser.on('error', (error) => {
    throw error
  })
  parser.on('opentag', ({ name, attributes }) => {
    const element: XmlElement = { name, attributes, children: [] }
    open.at(-1)?.children.push(element)
    open.push(element)
  })
  parser.on('closetag', () => {
    open.pop()
  })
  parser.write(xml).close()
  return root.children[0] ?? root
}
