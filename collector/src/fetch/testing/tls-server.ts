import type { RequestListener } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { generate } from 'selfsigned'

export interface TlsServer extends AsyncDisposable {
  /** `https://localhost:<port>` */
  readonly url: string
  /** `localhost:<port>` */
  readonly host: string
  readonly port: number
}

export interface TestCertificate {
  /** PEM, for whoever is to believe it. */
  readonly ca: string
  /** Serves on loopback, on IPv4 where nothing is said. */
  serve(handler: RequestListener, address?: '127.0.0.1' | '::1'): Promise<TlsServer>
}

const HOUR = 3_600_000

/** A certificate for loopback and some names, made for one test run, and servers that show it. */
export async function createCertificate(): Promise<TestCertificate> {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(Date.now() - HOUR),
    notAfterDate: new Date(Date.now() + HOUR),
    extensions: [
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 2, value: 'moving.example.com' },
          { type: 7, ip: '127.0.0.1' },
          { type: 7, ip: '::1' },
        ],
      },
    ],
  })
  return {
    ca: cert,
    async serve(handler, address = '127.0.0.1') {
      const server = createServer({ key, cert }, handler)
      await new Promise<void>((resolve) => server.listen(0, address, resolve))
      const { port } = server.address() as AddressInfo
      return {
        url: `https://localhost:${port}`,
        host: `localhost:${port}`,
        port,
        async [Symbol.asyncDispose]() {
          server.closeAllConnections()
          await new Promise((resolve) => server.close(resolve))
        },
      }
    },
  }
}
