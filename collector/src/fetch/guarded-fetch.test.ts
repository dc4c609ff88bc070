import { execFile } from 'node:child_process'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { GuardedFetchError } from './errors.ts'
import { type GuardedFetchOptions, guardedFetch } from './guarded-fetch.ts'
import { createCertificate, type TestCertificate, type TlsServer } from './testing/tls-server.ts'

const SECRET = 'what-the-host-answered'
const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' }

let certificate: TestCertificate
beforeAll(async () => {
  certificate = await createCertificate()
})
afterEach(() => {
  vi.unstubAllEnvs()
})

/** As a configuration that names this server and its address. */
function named(server: TlsServer, more: Partial<GuardedFetchOptions> = {}): GuardedFetchOptions {
  return {
    hosts: [server.host],
    maxBytes: 10_000,
    allowAddresses: ['127.0.0.1'],
    ca: certificate.ca,
    ...more,
  }
}

async function refused(url: string, options: GuardedFetchOptions): Promise<GuardedFetchError> {
  const error = await guardedFetch(url, options).then(
    () => undefined,
    (cause: unknown) => cause,
  )
  if (!(error instanceof GuardedFetchError)) throw new Error('it was not refused')
  expect(error.message).not.toContain(SECRET)
  return error
}

/** A server that counts who came. */
async function counted(handler: RequestListener) {
  const seen: string[] = []
  const server = await certificate.serve((incoming, response) => {
    seen.push(incoming.url ?? '')
    handler(incoming, response)
  })
  return { ...server, seen }
}

describe('a document that the configuration points to', () => {
  it('comes with its type, its tag and how long it stays fresh', async () => {
    await using server = await certificate.serve((incoming, response) => {
      response.writeHead(200, { ...JSON_TYPE, etag: '"1"', 'cache-control': 'public, max-age=300' })
      response.end(JSON.stringify(incoming.headers))
    })
    const answer = await guardedFetch(
      `${server.url}/keys?a=1`,
      named(server, { accept: ['application/json'] }),
    )
    expect(answer).toMatchObject({
      status: 200,
      contentType: 'application/json',
      etag: '"1"',
      maxAge: 300,
    })
    // Neither credentials nor cookies, and nothing of the machine.
    expect(Object.keys(JSON.parse(answer.body.toString())).sort()).toEqual([
      'accept',
      'accept-encoding',
      'connection',
      'host',
      'user-agent',
    ])
  })

  it('is unpacked, and is not sent again where it is the same', async () => {
    await using server = await certificate.serve((incoming, response) => {
      if (incoming.headers['if-none-match'] === '"1"') response.writeHead(304).end()
      else response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('keys'))
    })
    expect((await guardedFetch(server.url, named(server))).body.toString()).toBe('keys')
    const again = await guardedFetch(server.url, named(server, { etag: '"1"' }))
    expect(again).toMatchObject({ status: 304, body: Buffer.alloc(0) })
  })

  it('comes from an address of IPv6 too', async () => {
    await using server = await certificate.serve((_, response) => response.end('six'), '::1')
    const url = `https://[::1]:${server.port}/`
    const options = { ...named(server), hosts: [`[::1]:${server.port}`], allowAddresses: ['::1'] }
    expect((await guardedFetch(url, options)).body.toString()).toBe('six')
  })
})

describe('a URL that would lead elsewhere', () => {
  it.each([
    ['http', 'http://localhost/', 'url_refused'],
    ['a file', 'file:///etc/passwd', 'url_refused'],
    ['a user name', 'https://user:secret@auth.example.com/', 'url_refused'],
    ['the named host as a user name', 'https://auth.example.com@127.0.0.1/', 'url_refused'],
    ['no URL', 'auth.example.com', 'url_refused'],
    ['another host', 'https://evil.example.com/', 'host_refused'],
    ['another port', 'https://auth.example.com:8443/', 'host_refused'],
    ['a longer name', 'https://auth.example.com.evil.example/', 'host_refused'],
    ['the name with a dot at its end', 'https://auth.example.com./', 'host_refused'],
  ])('%s is refused', async (_, url, code) => {
    const options = { hosts: ['auth.example.com'], maxBytes: 100 }
    const error = await refused(url, options)
    expect(error.code).toBe(code)
    expect(error.message).not.toContain('secret')
  })

  it.each([
    ['IPv4', '127.0.0.1'],
    ['in decimal', '2130706433'],
    ['in octal', '0177.0.0.01'],
    ['in hexadecimal', '0x7f.1'],
    ['IPv6', '[::1]'],
    ['IPv4 in IPv6', '[::ffff:127.0.0.1]'],
    ['NAT64', '[64:ff9b::7f00:1]'],
    ['the address of cloud metadata', '169.254.169.254'],
  ])(
    'loopback %s is refused even where the host is named, unless its address is',
    async (_, host) => {
      await using server = await counted((__, response) => response.end(SECRET))
      const authority = `${host}:${server.port}`
      const options = { ...named(server), hosts: [authority], allowAddresses: ['127.0.0.9'] }
      expect((await refused(`https://${authority}/`, options)).code).toBe('address_refused')
      expect(server.seen).toEqual([])
    },
  )

  it('a name of loopback is refused, unless its address is named', async () => {
    await using server = await counted((_, response) => response.end(SECRET))
    const { code, message } = await refused(server.url, named(server, { allowAddresses: [] }))
    expect(code).toBe('address_refused')
    expect(message).toContain(server.host)
    expect(server.seen).toEqual([])
  })

  it('a name that changes its address between two look-ups gains nothing', async () => {
    await using server = await counted((_, response) => response.end(SECRET))
    const host = `moving.example.com:${server.port}`
    const answers = ['127.0.0.9', '127.0.0.1']
    let asked = 0
    const lookup = async () => {
      const address = answers[Math.min(asked, 1)] ?? ''
      asked += 1
      return [{ address, family: 4 }]
    }
    // The first answer may be connected to, as a public one may; nobody listens there.
    const options = named(server, {
      hosts: [host],
      allowAddresses: ['127.0.0.9'],
      lookup,
    })
    expect((await refused(`https://${host}/`, options)).code).toBe('unreachable')
    // It was looked up once, so it was connected to what was checked.
    expect(asked).toBe(1)
    expect((await refused(`https://${host}/`, options)).code).toBe('address_refused')
    expect(server.seen).toEqual([])
  })

  it('of several addresses only those that are allowed are connected to', async () => {
    await using inner = await certificate.serve((_, response) => response.end(SECRET), '::1')
    const host = `moving.example.com:${inner.port}`
    const options = named(inner, {
      hosts: [host],
      lookup: async () => [
        { address: '::1', family: 6 },
        { address: '127.0.0.1', family: 4 },
      ],
    })
    // Nobody listens on the address that is named, and the other one is never tried.
    expect((await refused(`https://${host}/`, options)).code).toBe('unreachable')
  })
})

describe('a host that answers with a trick', () => {
  it.each([
    ['another host', 'https://evil.example.com/'],
    ['loopback', 'http://127.0.0.1/'],
    ['itself', '/elsewhere'],
  ])('a redirect to %s is not followed', async (_, location) => {
    await using server = await counted((__, response) => {
      response.writeHead(302, { location }).end(SECRET)
    })
    expect((await refused(server.url, named(server))).code).toBe('redirect_refused')
    expect(server.seen).toEqual(['/'])
  })

  it('a body that is too large is left unread', async () => {
    let sent = 0
    await using server = await certificate.serve(async (_, response) => {
      const chunk = Buffer.alloc(64 * 1024, 32)
      while (!response.destroyed && sent < 2_000) {
        sent += 1
        if (!response.write(chunk)) {
          await new Promise((resolve) => {
            response.once('drain', resolve).once('close', resolve)
          })
        }
      }
    })
    expect((await refused(server.url, named(server))).code).toBe('too_large')
    expect(sent).toBeLessThan(2_000)
  })

  it('a gzip bomb is cut off where it gets too large', async () => {
    const bomb = gzipSync(Buffer.alloc(8 * 1024 * 1024))
    expect(bomb.length).toBeLessThan(10_000)
    await using server = await certificate.serve((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb)
    })
    expect((await refused(server.url, named(server))).code).toBe('too_large')
  })

  it.each([
    ['broken gzip', 'gzip', SECRET],
    ['gzip in gzip', 'gzip, gzip', gzipSync(gzipSync(SECRET))],
    ['another coding', 'br', SECRET],
  ])('%s is refused', async (_, coding, body) => {
    await using server = await certificate.serve((__, response) => {
      response.writeHead(200, { 'content-encoding': coding }).end(body)
    })
    expect((await refused(server.url, named(server))).code).toBe('content_refused')
  })

  it('an endless slow body ends with the time that it has', async () => {
    await using server = await certificate.serve((_, response) => {
      const timer = setInterval(() => response.write(' '), 20)
      response.once('close', () => clearInterval(timer))
    })
    const started = Date.now()
    expect((await refused(server.url, named(server, { timeoutMs: 300 }))).code).toBe('timeout')
    expect(Date.now() - started).toBeLessThan(3_000)
  })

  it('one that accepts and never answers ends so too, and so does a resolver', async () => {
    await using server = await certificate.serve(() => {})
    const short = named(server, { timeoutMs: 200 })
    expect((await refused(server.url, short)).code).toBe('timeout')
    const silent = { ...short, lookup: () => new Promise<never>(() => {}) }
    expect((await refused(server.url, silent)).code).toBe('timeout')
  })

  it('one that breaks off is no answer', async () => {
    await using server = await certificate.serve((_, response) => {
      response.writeHead(200, { 'content-length': '100' })
      response.write(SECRET, () => response.socket?.destroy())
    })
    expect((await refused(server.url, named(server))).code).toBe('unreachable')
  })

  it('another media type, an error page and an unasked 304 are refused', async () => {
    await using server = await certificate.serve((incoming, response) => {
      const status = Number(incoming.url?.slice(1))
      response.writeHead(status, { 'content-type': 'text/html' }).end(SECRET)
    })
    const json = named(server, { accept: ['application/json'] })
    expect((await refused(`${server.url}/200`, json)).code).toBe('content_refused')
    expect((await refused(`${server.url}/500`, json)).code).toBe('status_refused')
    expect((await refused(`${server.url}/206`, json)).code).toBe('status_refused')
    expect((await refused(`${server.url}/304`, json)).code).toBe('status_refused')
  })

  it('one whose certificate nobody vouches for is not asked, whatever the environment says', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0')
    await using server = await counted((_, response) => response.end(SECRET))
    const { ca: _, ...options } = named(server)
    const error = await refused(server.url, options)
    expect(error.code).toBe('unreachable')
    expect(error.message).toContain('DEPTH_ZERO_SELF_SIGNED_CERT')
    expect(server.seen).toEqual([])
  })
})

it('a proxy of the environment is not used', async () => {
  await using proxy = await plainServer()
  await using server = await certificate.serve((_, response) => response.end('direct'))
  // Node reads these when it starts.
  const env = { ...process.env, NODE_USE_ENV_PROXY: '1', HTTPS_PROXY: proxy.url, NO_PROXY: '' }
  const script = `
    const { guardedFetch } = await import(${JSON.stringify(import.meta.resolve('./guarded-fetch.ts'))})
    const answer = await guardedFetch(${JSON.stringify(server.url)}, ${JSON.stringify(named(server))})
    process.stdout.write(answer.body)`
  const run = promisify(execFile)
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], { env })
  expect(stdout).toBe('direct')
  expect(proxy.connections()).toBe(0)
})

async function plainServer() {
  let connections = 0
  const server: Server = createServer()
  server.on('connection', () => {
    connections += 1
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: () => connections,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
