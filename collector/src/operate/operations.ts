import type { IncomingMessage, ServerResponse } from 'node:http'
import { isForeignHost } from '../api/refuse-request.ts'
import { SCRAPE_TYPE } from '../metrics/meter.ts'
import type { Readiness } from './readiness.ts'

export interface OperationsSettings {
  readonly scrape: (request: IncomingMessage) => Promise<string>
  readonly readiness: (request: IncomingMessage) => Promise<Readiness>
  /**
   * Who may read `/metrics`; everybody who reaches the port where absent. The two checks of life ask
   * nobody: they say nothing of what was received.
   */
  readonly mayScrape?: (request: IncomingMessage) => boolean | Promise<boolean>
}

const PATHS = ['/healthz', '/readyz', '/metrics'] as const
type Path = (typeof PATHS)[number]

/**
 * What machines ask of a running collector: `/healthz` (the process lives), `/readyz` (it can do its
 * work; 503 with reasons where not) and `/metrics` (Prometheus text). Answers from the moment that the
 * port is open, also while the journal is read into the graph.
 *
 * @returns false for a request that is somebody else's
 */
export function createOperations(
  settings: OperationsSettings,
): (request: IncomingMessage, response: ServerResponse) => boolean {
  return (request, response) => {
    const asked = (request.url ?? '').split('?', 1)[0]
    const path = PATHS.find((known) => known === asked)
    if (path === undefined) return false
    answer(path, request, settings)
      .catch((): Answer => plain(503, 'not available now'))
      .then(({ status, type, text }) => {
        if (response.destroyed) return
        response.writeHead(status, {
          'Content-Type': type,
          'Cache-Control': 'no-store',
          'X-Content-Type-Options': 'nosniff',
          ...(status === 405 ? { Allow: 'GET, HEAD' } : {}),
        })
        response.end(request.method === 'HEAD' ? undefined : text)
      })
    return true
  }
}

interface Answer {
  readonly status: number
  readonly type: string
  readonly text: string
}

async function answer(
  path: Path,
  request: IncomingMessage,
  { scrape, readiness, mayScrape }: OperationsSettings,
): Promise<Answer> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return plain(405, 'only GET')
  if (path === '/healthz') return plain(200, 'ok')
  if (path === '/readyz') {
    const state = await readiness(request)
    return { status: state.ready ? 200 : 503, type: JSON_TYPE, text: JSON.stringify(state) }
  }
  // A page in a browser of this machine must not read them under a name of its own.
  if (isForeignHost(request)) return plain(403, 'the Host header must name a loopback address')
  if (mayScrape !== undefined && !(await mayScrape(request))) return plain(401, 'not for you')
  return { status: 200, type: SCRAPE_TYPE, text: await scrape(request) }
}

const JSON_TYPE = 'application/json; charset=utf-8'

function plain(status: number, text: string): Answer {
  return { status, type: 'text/plain; charset=utf-8', text: `${text}\n` }
}
