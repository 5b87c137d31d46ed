import { X509Certificate } from 'node:crypto'
import { createSecureContext } from 'node:tls'

/** How an `https://` endpoint is trusted, and who this client is. All texts are PEM. */
export interface TlsSettings {
  /** The authorities to trust, instead of those that come with Node. Several may stand in one text. */
  readonly ca?: string | readonly string[] | undefined
  /** This client's certificate and the chain up to its authority, for servers that ask for one. */
  readonly cert?: string | undefined
  /** The private key of {@link cert}, without a passphrase. It never appears in an error. */
  readonly key?: string | undefined
  /** The name the server's certificate must be for. Default: the host of the endpoint. */
  readonly servername?: string | undefined
  /**
   * Takes any certificate: whoever stands in between can read prompts, answers and keys. For a test machine only; set
   * {@link ca} instead. Default: `false`.
   */
  readonly dangerouslyAcceptAnyCertificate?: boolean | undefined
}

/** What is wrong with the settings, as the end of a sentence; `undefined` where they can be used. */
export function findTlsProblem({ ca, cert, key }: TlsSettings): string | undefined {
  if (cert !== undefined && key === undefined) return "has 'tls.cert' and no 'tls.key'. Set both."
  if (key !== undefined && cert === undefined) return "has 'tls.key' and no 'tls.cert'. Set both."
  if (ca !== undefined && ![ca].flat().every(isCertificateText))
    return "has a 'tls.ca' that is no certificate in PEM form (-----BEGIN CERTIFICATE-----)."
  if (isKeyPair(cert, key)) return undefined
  return "has a 'tls.cert' and 'tls.key' that are not PEM or do not belong together. A key with a passphrase cannot be used."
}

/** What Node is given. */
export function nodeTlsOptions({ ca, cert, key, servername, dangerouslyAcceptAnyCertificate }: TlsSettings) {
  return {
    ...(ca !== undefined && { ca: typeof ca === 'string' ? ca : [...ca] }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(servername !== undefined && { servername }),
    ...(dangerouslyAcceptAnyCertificate === true && { rejectUnauthorized: false }),
  }
}

const certificateBlock = /-----BEGIN (?:[A-Z0-9]+ )?CERTIFICATE-----[\s\S]+?-----END (?:[A-Z0-9]+ )?CERTIFICATE-----/g

/** Node takes a text without a certificate, or with a broken one, without a word. */
function isCertificateText(text: string): boolean {
  const blocks = text.match(certificateBlock) ?? []
  return blocks.length > 0 && blocks.every((block) => succeeds(() => new X509Certificate(block)))
}

function isKeyPair(cert: string | undefined, key: string | undefined): boolean {
  return succeeds(() => createSecureContext(nodeTlsOptions({ cert, key })))
}

function succeeds(action: () => unknown): boolean {
  try {
    action()
    return true
  } catch {
    return false
  }
}
