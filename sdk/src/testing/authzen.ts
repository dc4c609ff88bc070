import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type EvaluationRequest, evaluationFor } from '../authzen/index.ts'
import { CALL, type guarded, opened, sent } from './guarded.ts'

export const ALL = '@id("all") permit(principal, action, resource);'
export const NONE = '@id("none") forbid(principal, action, resource);'

/** What a gateway asks about a call in order, each time with a proof of its own. */
export function questionOf(people: Awaited<ReturnType<typeof guarded>>): EvaluationRequest {
  return evaluationFor(CALL, sent(opened(people.worker, people.chain)))
}

export function post(
  body: unknown,
  { path = '/access/v1/evaluation', headers = {} }: { path?: string; headers?: object } = {},
): Request {
  return new Request(`http://pdp.example.com${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
}

export type Script =
  | { readonly status: number; readonly body: string; readonly headers?: object }
  | 'hang'
  | undefined

/** Somebody else's decision point, on loopback; undefined is one that is not there. */
export async function pointThat(script: Script) {
  const asked: unknown[] = []
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part)
    asked.push(JSON.parse(Buffer.concat(parts).toString('utf8')))
    if (script === 'hang' || script === undefined) return
    response.writeHead(script.status, { 'content-type': 'application/json', ...script.headers })
    response.end(script.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const close = () => {
    server.closeAllConnections()
    return new Promise<void>((resolve) => void server.close(() => resolve()))
  }
  if (script === undefined) await close()
  return {
    url: `http://127.0.0.1:${port}`,
    asked: () => asked,
    [Symbol.asyncDispose]: async () => {
      if (script !== undefined) await close()
    },
  }
}
