import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { SdkError } from '../errors.ts'
import { type AuthzenHandler, type AuthzenOptions, createAuthzen } from './handler.ts'
import { isLoopback } from './wire.ts'

export interface AuthzenServer extends AsyncDisposable {
  /** Where it listens. */
  readonly url: string
}

/**
 * Serves a guard as a decision point of AuthZEN 1.0 over HTTP: on loopback unless `host` says otherwise, which takes a
 * `token`. TLS is for what stands in front.
 *
 * @throws SdkError `invalid_config`
 */
export async function serveAuthzen({
  host = '127.0.0.1',
  port = 0,
  ...options
}: AuthzenOptions & { readonly host?: string; readonly port?: number }): Promise<AuthzenServer> {
  if (!isLoopback(host) && options.token === undefined)
    throw new SdkError('invalid_config', 'a decision point beyond loopback needs a token')
  const handler = createAuthzen(options)
  const server = createServer(LIMITS, (request, response) => {
    answer(handler, request, response).catch(() => response.destroy())
  })
  const listening = await listen(server, port, host)
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${listening}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Milliseconds. */
const LIMITS = { requestTimeout: 10_000, headersTimeout: 5_000 }

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}

async function answer(
  handler: AuthzenHandler,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = 'GET', url = '/' } = request
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headersDistinct))
    for (const each of value ?? []) headers.append(name, each)
  const hasBody = method !== 'GET' && method !== 'HEAD'
  const answered = await handler(
    new Request(new URL(url, 'http://localhost'), {
      method,
      headers,
      ...(hasBody ? { body: bodyOf(request), duplex: 'half' } : {}),
    }),
  )
  const rest = request.complete ? {} : { connection: 'close' }
  response.writeHead(answered.status, { ...Object.fromEntries(answered.headers), ...rest })
  response.end(Buffer.from(await answered.arrayBuffer()))
}

function bodyOf(request: IncomingMessage): ReadableStream<Uint8Array> {
  // One that is too long is left unread, and still answered.
  const parts = request.iterator({ destroyOnReturn: false })
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await parts.next()
      if (done === true) controller.close()
      else controller.enqueue(value)
    },
    async cancel() {
      await parts.return?.()
    },
  })
}
