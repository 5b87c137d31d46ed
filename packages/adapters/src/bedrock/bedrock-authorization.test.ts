import { createHash, createHmac } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { AdapterConnection } from '../adapter.js'
import { type ByteServer, jsonAnswer, type ReceivedRequest, startByteServer } from '../testing/byte-server.js'
import { type BedrockTestOptions, connectBedrock, withAwsEnvironment } from '../testing/connect-bedrock.js'
import { errorOf, helloRequest, openCall, runStream } from '../testing/run-stream.js'

const answer = JSON.stringify({
  output: { message: { role: 'assistant', content: [{ text: 'Hello' }] } },
  stopReason: 'end_turn',
  usage: { inputTokens: 9, outputTokens: 2, totalTokens: 11 },
})
const accessKeyId = 'AKIAIOSFODNN7EXAMPLE'
const secretAccessKey = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'
const keys = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey }

let folder = ''
let server: ByteServer
let reply: (request: ReceivedRequest) => string = () => jsonAnswer(200, answer)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bedrock-authorization-'))
})
afterAll(() => rm(folder, { recursive: true }))
beforeEach(async () => {
  reply = () => jsonAnswer(200, answer)
  server = await startByteServer((socket, request) => socket.write(reply(request)))
})
afterEach(() => server.close())

/** Connects without a key of the deployment, uses the connection, and closes it. */
function connected<T>(
  variables: Record<string, string>,
  use: (connection: AdapterConnection) => Promise<T>,
  options: BedrockTestOptions = {},
): Promise<T> {
  return withAwsEnvironment(variables, async () => {
    const connection = await connectBedrock(server.origin, { apiKey: undefined, ...options })
    try {
      return await use(connection)
    } finally {
      await connection.close()
    }
  })
}

const generate = (connection: AdapterConnection) => connection.generate(helloRequest, openCall())

function refuse(exception: string, message: string, date?: string): string {
  const headers = [['x-amzn-errortype', exception] as const, ...(date === undefined ? [] : [['date', date] as const])]
  return jsonAnswer(403, JSON.stringify({ message }), headers)
}

function header({ head }: ReceivedRequest, name: string): string | undefined {
  return new RegExp(`^${name}: (.*)$`, 'im').exec(head)?.[1]?.trim()
}

/** The signature of a request as AWS works it out: Signature Version 4, with the path encoded once more. */
function signatureOf(request: ReceivedRequest, region: string): string {
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
  const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()
  const path = /^POST (\S+)/.exec(request.head)?.[1] ?? ''
  const signed = /SignedHeaders=([^,]+)/.exec(header(request, 'authorization') ?? '')?.[1] ?? ''
  const encoded = path.split('/').map(encodeURIComponent).join('/')
  const headers = signed.split(';').map((name) => `${name}:${header(request, name)}\n`)
  const canonical = ['POST', encoded, '', headers.join(''), signed, sha256(request.body)].join('\n')
  const time = header(request, 'x-amz-date') ?? ''
  const scope = `${time.slice(0, 8)}/${region}/bedrock/aws4_request`
  const toSign = ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n')
  const signingKey = scope.split('/').reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`)
  return hmac(signingKey, toSign).toString('hex')
}

describe('credentials of AWS', () => {
  it('sign the request for its Region, headers and body', async () => {
    await connected(keys, generate, { settings: { region: 'eu-west-1' } })
    const [request] = server.requests
    if (!request) throw new Error('Nothing was sent.')
    const authorization = header(request, 'authorization') ?? ''
    expect(authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE\/\d{8}\/eu-west-1\/bedrock\/aws4_request, SignedHeaders=[^,]*\bhost\b[^,]*, Signature=[0-9a-f]{64}$/,
    )
    expect(authorization).toContain(`Signature=${signatureOf(request, 'eu-west-1')}`)
    expect(header(request, 'x-amz-content-sha256')).toBe(createHash('sha256').update(request.body).digest('hex'))
    expect(header(request, 'amz-sdk-invocation-id')).toBe('request-1')
    expect(request.head).not.toContain('x-amz-security-token')
    // What a proxy may rewrite is not signed.
    expect(authorization).not.toMatch(/SignedHeaders=[^,]*(accept-encoding|user-agent|connection)/)
  })

  it('bring their session token along', async () => {
    await connected({ ...keys, AWS_SESSION_TOKEN: 'session-token-1' }, generate)
    const [request] = server.requests
    if (!request) throw new Error('Nothing was sent.')
    expect(header(request, 'x-amz-security-token')).toBe('session-token-1')
    expect(header(request, 'authorization')).toContain(`Signature=${signatureOf(request, 'us-east-1')}`)
  })

  it('are found in a profile', async () => {
    const path = join(folder, 'credentials')
    writeFileSync(
      path,
      `[work]\naws_access_key_id = AKIAOFAPROFILE000000\naws_secret_access_key = ${secretAccessKey}\n`,
    )
    const options = { settings: { profile: 'work' } }
    await connected({ ...keys, AWS_SHARED_CREDENTIALS_FILE: path }, generate, options)
    expect(server.requests[0]?.head).toContain('Credential=AKIAOFAPROFILE000000/')
  })

  it('that are missing are one error, which says where they were looked for, before anything is sent', async () => {
    const errors = await connected({}, async (connection) => [
      await errorOf(generate(connection)),
      (await runStream(connection)).error,
    ])
    for (const error of errors) {
      expect(error).toMatchObject({ code: 'authentication', retryable: false, phase: 'request', platform: 'bedrock' })
      expect(error?.message).toMatch(/environment variables, the default profile .* container, instance metadata; none/)
      expect(error?.message).toContain('AWS_BEARER_TOKEN_BEDROCK')
    }
    expect(server.requests).toEqual([])
  })

  it('of a web identity without its token are an error that names the variables', async () => {
    const variables = {
      AWS_WEB_IDENTITY_TOKEN_FILE: join(folder, 'none'),
      AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/x',
    }
    const error = await connected(variables, (connection) => errorOf(generate(connection)))
    expect(error).toMatchObject({ code: 'authentication', retryable: false })
    expect(error.message).toContain('these are set: AWS_WEB_IDENTITY_TOKEN_FILE, AWS_ROLE_ARN')
  })

  it('of an SSO session that is over name the command', async () => {
    const AWS_CONFIG_FILE = join(folder, 'sso')
    writeFileSync(
      AWS_CONFIG_FILE,
      '[profile work]\nsso_start_url = https://x.awsapps.com/start\nsso_region = us-east-1\nsso_account_id = 123456789012\nsso_role_name = dev\n',
    )
    const options = { settings: { profile: 'work' } }
    const error = await connected({ AWS_CONFIG_FILE }, (connection) => errorOf(generate(connection)), options)
    expect(error.message).toContain('aws sso login --profile work')
  })

  it('of a profile that gives none name the profile', async () => {
    const options = { settings: { profile: 'nobody' } }
    const error = await connected({}, (connection) => errorOf(generate(connection)), options)
    expect(error.message).toContain("Check that the profile 'nobody'")
  })

  it('are not waited for by a call that was given up', async () => {
    const AWS_CONFIG_FILE = join(folder, 'slow')
    writeFileSync(
      AWS_CONFIG_FILE,
      `[profile slow]\ncredential_process = ${process.execPath} -e "setTimeout(() => {}, 1e4)"\n`,
    )
    const controller = new AbortController()
    const options = { settings: { profile: 'slow' } }
    const error = await connected(
      { AWS_CONFIG_FILE },
      (connection) => {
        const failed = errorOf(connection.generate(helloRequest, openCall(controller.signal)))
        controller.abort(new Error('enough'))
        return failed
      },
      options,
    )
    expect(error.code).toBe('aborted')
    expect(server.requests).toEqual([])
  })

  it('that were refused as expired and cannot be renewed are refused for good', async () => {
    reply = () => refuse('ExpiredTokenException', 'The security token included in the request is expired')
    await connected({ ...keys, AWS_SESSION_TOKEN: 'session-token-1' }, async (connection) => {
      for (let attempt = 0; attempt < 3; attempt++)
        expect(await errorOf(generate(connection))).toMatchObject({ code: 'authentication', retryable: false })
    })
  })
})

describe('credentials that renew themselves', () => {
  /** A profile whose process counts how often it ran, and gives another key each time. */
  function renewingProfile(name: string): { variables: Record<string, string>; runs: () => number } {
    const counter = join(folder, `${name}.count`)
    const script = join(folder, `${name}.mjs`)
    writeFileSync(
      script,
      `import { appendFileSync, readFileSync } from 'node:fs'
      appendFileSync(${JSON.stringify(counter)}, '.')
      const Expiration = new Date(Date.now() + 3600_000).toISOString()
      const AccessKeyId = 'ASIARUN' + readFileSync(${JSON.stringify(counter)}, 'utf8').length
      console.log(JSON.stringify({ Version: 1, AccessKeyId, SecretAccessKey: 'secret-of-a-run', SessionToken: 'token-of-a-run', Expiration }))`,
    )
    const AWS_CONFIG_FILE = join(folder, `${name}.config`)
    writeFileSync(AWS_CONFIG_FILE, `[profile renewing]\ncredential_process = "${process.execPath}" "${script}"\n`)
    return { variables: { AWS_CONFIG_FILE, AWS_PROFILE: 'renewing' }, runs: () => readFileSync(counter, 'utf8').length }
  }

  const keyOf = ({ head }: ReceivedRequest) => /Credential=(\w+)/.exec(head)?.[1]
  const expired = () => refuse('ExpiredTokenException', 'The security token included in the request is expired')

  it('are kept as long as they are good', async () => {
    const { variables, runs } = renewingProfile('kept')
    await connected(variables, async (connection) => {
      await Promise.all([generate(connection), generate(connection)])
      await generate(connection)
    })
    expect(runs()).toBe(1)
  })

  it('are renewed once for all calls that were refused, and then work', async () => {
    const { variables, runs } = renewingProfile('renewed')
    reply = (request) => (keyOf(request) === 'ASIARUN1' ? expired() : jsonAnswer(200, answer))
    await connected(variables, async (connection) => {
      const refused = await Promise.all([errorOf(generate(connection)), errorOf(generate(connection))])
      for (const error of refused) expect(error).toMatchObject({ code: 'authentication', retryable: true })
      const answers = await Promise.all([generate(connection), generate(connection), generate(connection)])
      expect(answers.map(({ text }) => text)).toEqual(['Hello', 'Hello', 'Hello'])
    })
    expect(runs()).toBe(2)
  })

  it('are refused for good where the new ones are refused, too', async () => {
    const { variables } = renewingProfile('refused')
    reply = expired
    await connected(variables, async (connection) => {
      expect((await errorOf(generate(connection))).retryable).toBe(true)
      expect((await errorOf(generate(connection))).retryable).toBe(false)
    })
  })
})

describe('a clock that is wrong', () => {
  const hourAhead = () => new Date(Date.now() + 3600_000).toUTCString()
  const message = 'Signature expired: 20261122T100000Z is now earlier than 20261122T105500Z (20261122T110000Z - 5 min.)'

  it('is named with its error, and corrected from then on', async () => {
    reply = (request) => {
      const signedAt = header(request, 'x-amz-date') ?? ''
      const isoTime = signedAt.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z')
      const isRight = Math.abs(Date.parse(isoTime) - Date.now() - 3600_000) < 60_000
      return isRight ? jsonAnswer(200, answer) : refuse('InvalidSignatureException', message, hourAhead())
    }
    await connected(keys, async (connection) => {
      const error = await errorOf(generate(connection))
      expect(error).toMatchObject({ code: 'authentication', retryable: true })
      expect(error.message).toContain('The clock of this machine is 60 min behind that of AWS')
      expect((await generate(connection)).text).toBe('Hello')
    })
  })

  it('is not blamed a second time for the same difference', async () => {
    reply = () => refuse('RequestTimeTooSkewed', 'The difference is too large.', hourAhead())
    await connected(keys, async (connection) => {
      expect((await errorOf(generate(connection))).retryable).toBe(true)
      expect((await errorOf(generate(connection))).retryable).toBe(false)
    })
  })

  it('is not blamed for a signature that is wrong at the right time', async () => {
    reply = () => refuse('InvalidSignatureException', 'The request signature does not match.', new Date().toUTCString())
    const error = await connected(keys, (connection) => errorOf(generate(connection)))
    expect(error).toMatchObject({ code: 'authentication', retryable: false })
    expect(error.message).toContain('AWS_SECRET_ACCESS_KEY')
  })
})

describe('a Bedrock API key', () => {
  const authorizations = () => server.requests.map((request) => header(request, 'authorization'))

  it('of the deployment is presented instead of a signature', async () => {
    await connected(keys, generate, { apiKey: 'key-of-the-deployment' })
    expect(authorizations()).toEqual(['Bearer key-of-the-deployment'])
    expect(server.requests[0]?.head).not.toContain('x-amz-date')
  })

  it('of the environment is preferred to a signature, and read anew each time', async () => {
    await connected({ ...keys, AWS_BEARER_TOKEN_BEDROCK: 'key-1' }, async (connection) => {
      await generate(connection)
      process.env['AWS_BEARER_TOKEN_BEDROCK'] = 'key-2'
      await generate(connection)
      delete process.env['AWS_BEARER_TOKEN_BEDROCK']
      expect((await errorOf(generate(connection))).message).toContain('AWS_BEARER_TOKEN_BEDROCK is not set any more')
      process.env['AWS_BEARER_TOKEN_BEDROCK'] = 'kéy'
      expect((await errorOf(generate(connection))).message).toContain('no header can hold')
    })
    expect(authorizations()).toEqual(['Bearer key-1', 'Bearer key-2'])
  })

  it.each([{ credentials: 'irsa' }, { credentials: 'instance-role' }])(
    'of the environment is left alone where the deployment says %j',
    async (settings) => {
      await connected({ ...keys, AWS_BEARER_TOKEN_BEDROCK: 'key-1' }, generate, { settings })
      expect(authorizations()[0]).toMatch(/^AWS4-HMAC-SHA256/)
    },
  )

  it('is demanded where the deployment says so', async () => {
    const settings = { credentials: 'bearer' }
    const error = await errorOf(connected(keys, generate, { settings }))
    expect(error).toMatchObject({ code: 'configuration' })
    expect(error.message).toContain("Set 'apiKey', or AWS_BEARER_TOKEN_BEDROCK")
    await connected({ ...keys, AWS_BEARER_TOKEN_BEDROCK: 'key-1' }, generate, { settings })
    expect(authorizations()).toEqual(['Bearer key-1'])
  })
})
