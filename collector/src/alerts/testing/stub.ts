import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Request<Body> {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly text: string
  readonly body: Body
}

export interface Stub<Body> extends AsyncDisposable {
  readonly url: string
  readonly requests: Request<Body>[]
  /** Statuses to answer with, one for each request; then 202. */
  readonly script: number[]
}

/** A local HTTP server that keeps what it is sent; JSON is read, NDJSON is left as text. */
export async function startStub<Body = unknown>(): Promise<Stub<Body>> {
  const requests: Request<Body>[] = []
  const script: number[] = []
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const part of request) text += String(part)
    const isJson = request.headers['content-type']?.startsWith('application/json') === true
    const body = (isJson ? JSON.parse(text) : text) as Body
    requests.push({ path: request.url ?? '', headers: request.headers, text, body })
    response.writeHead(script.shift() ?? 202).end('ok')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    script,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
