import { beforeAll, describe, expect, it } from 'vitest'
import type { Guard, Sent } from './connection.ts'
import { GuardedFetchError } from './errors.ts'
import { guardedExchange } from './guarded-exchange.ts'
import { createCertificate, type TestCertificate, type TlsServer } from './testing/tls-server.ts'

const SECRET = 'what-was-sent-or-answered'

let certificate: TestCertificate
beforeAll(async () => {
  certificate = await createCertificate()
})

const named = (server: TlsServer, more: Partial<Guard> = {}): Guard => ({
  ...{ hosts: [server.host], maxBytes: 10_000, allowAddresses: ['127.0.0.1'] },
  ca: certificate.ca,
  ...more,
})

const POST: Sent = {
  method: 'POST',
  headers: {
    authorization: `Basic ${SECRET}`,
    'content-type': 'application/x-www-form-urlencoded',
  },
  body: 'grant_type=authorization_code',
}

async function refused(url: string, sent: Sent, guard: Guard): Promise<GuardedFetchError> {
  const error: unknown = await guardedExchange(url, sent, guard).catch((cause: unknown) => cause)
  if (!(error instanceof GuardedFetchError)) throw new Error('it was not refused')
  expect(error.message).not.toContain(SECRET)
  return error
}

describe('a request of a protocol', () => {
  it('comes whole, with what it carries', async () => {
    await using server = await certificate.serve(async (request, response) => {
      let body = ''
      for await (const part of request) body += String(part)
      const { method, headers } = request
      response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' })
      response.end(JSON.stringify({ method, body, headers }))
    })
    const { status, contentType, body } = await guardedExchange(server.url, POST, named(server))
    expect([status, contentType]).toEqual([200, 'application/json; charset=utf-8'])
    expect(JSON.parse(body.toString())).toMatchObject({
      method: 'POST',
      body: POST.body,
      headers: { ...POST.headers, 'content-length': String(POST.body?.length) },
    })
  })

  it('is answered with an error of the protocol where there is one', async () => {
    await using server = await certificate.serve((_, response) =>
      response.writeHead(400).end('{"error":"invalid_grant"}'),
    )
    const { status, body } = await guardedExchange(server.url, POST, named(server))
    expect([status, body.toString()]).toEqual([400, '{"error":"invalid_grant"}'])
  })

  it('takes its secret to no other host, address or scheme', async () => {
    const seen: string[] = []
    await using other = await certificate.serve((request, response) => {
      seen.push(request.url ?? '')
      response.end()
    })
    await using server = await certificate.serve((_, response) =>
      response.writeHead(307, { location: other.url }).end(SECRET),
    )
    const guard = named(server)
    expect((await refused(server.url, POST, guard)).code).toBe('redirect_refused')
    expect((await refused(other.url, POST, guard)).code).toBe('host_refused')
    const plain = server.url.replace('https', 'http')
    expect((await refused(plain, POST, guard)).code).toBe('url_refused')
    const none = named(server, { allowAddresses: [] })
    expect((await refused(server.url, POST, none)).code).toBe('address_refused')
    expect(seen).toEqual([])
  })

  it('has an answer of bounded size, within its time', async () => {
    await using large = await certificate.serve((_, response) => response.end('x'.repeat(20_000)))
    expect((await refused(large.url, POST, named(large))).code).toBe('too_large')
    await using silent = await certificate.serve(() => {})
    const short = named(silent, { timeoutMs: 200 })
    expect((await refused(silent.url, POST, short)).code).toBe('timeout')
  })
})
