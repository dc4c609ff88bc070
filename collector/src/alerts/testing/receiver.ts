import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'

/** A secret for tests only: base64 of 32 known bytes. */
export const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`

/** What a receiver does with one request. */
export type Behaviour =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  | 'hang'
  | 'close'

export interface Received {
  readonly id: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
  /** What the receiver's own library made of it; throws where the signature is wrong. */
  readonly verified: unknown
}

export interface TestReceiver extends AsyncDisposable {
  readonly url: string
  /** Everything that came, refused or not. */
  readonly received: Received[]
  /** What was answered with 2xx. */
  readonly accepted: Received[]
  /** What to do next, one for each request; then 204. */
  readonly script: Behaviour[]
  /** Resolves when so many were accepted. */
  untilAccepted(count: number): Promise<void>
  untilReceived(count: number): Promise<void>
}

/** A real HTTP server that verifies what it gets with the receiving half of standardwebhooks. */
export async function startReceiver(port = 0): Promise<TestReceiver> {
  const received: Received[] = []
  const accepted: Received[] = []
  const script: Behaviour[] = []
  const verifier = new Webhook(SECRET)
  let changed = Promise.withResolvers<void>()
  const server: Server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += String(chunk)
    const { headers } = request
    const one = {
      id: String(headers['webhook-id']),
      headers,
      body,
      verified: verifier.verify(body, headers as Record<string, string>),
    }
    const next = script.shift() ?? { status: 204 }
    received.push(one)
    if (next === 'close') request.socket.destroy()
    else if (next !== 'hang') {
      if (next.status < 300) accepted.push(one)
      response.writeHead(next.status, next.headers).end()
    }
    changed.resolve()
    changed = Promise.withResolvers()
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const until = async (list: readonly Received[], count: number): Promise<void> => {
    while (list.length < count) await changed.promise
  }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    accepted,
    script,
    untilAccepted: (count) => until(accepted, count),
    untilReceived: (count) => until(received, count),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
