import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { CollectorError } from './errors.ts'

export interface Listening extends AsyncDisposable {
  /** `http://127.0.0.1:4318`, with the port that was bound. */
  readonly url: string
}

export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void

const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '::1', '[::1]', 'localhost'])

/** As an address, or as a URL spells it. */
export function isLoopbackName(host: string): boolean {
  return LOOPBACK.has(host)
}

/**
 * Binds an HTTP server. Loopback unless the configuration says otherwise.
 *
 * @throws CollectorError `address_refused` where the address is not loopback, or is taken
 */
export async function listen(
  handler: RequestHandler,
  address: { readonly host: string; readonly port: number },
  allowRemote: boolean,
): Promise<Listening> {
  const { host, port } = address
  if (!isLoopbackName(host) && !allowRemote) {
    throw new CollectorError(
      'address_refused',
      `${host} is not a loopback address; allowRemote must be set to listen there`,
    )
  }
  const server = createServer(
    {
      maxHeaderSize: 16 * 1024,
      headersTimeout: 10_000,
      requestTimeout: 60_000,
      keepAliveTimeout: 5_000,
      connectionsCheckingInterval: 5_000,
    },
    handler,
  )
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const reason =
        cause.code === 'EADDRINUSE' ? 'is already in use by another process' : 'cannot be bound'
      reject(new CollectorError('address_refused', `${host}:${port} ${reason}`, { cause }))
    })
    server.listen(port, host, resolve)
  })
  const bound = server.address() as AddressInfo
  const name = bound.family === 'IPv6' ? `[${bound.address}]` : bound.address
  return {
    url: `http://${name}:${bound.port}`,
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeIdleConnections()
      const force = setTimeout(() => server.closeAllConnections(), 1_000)
      await closed
      clearTimeout(force)
    },
  }
}
