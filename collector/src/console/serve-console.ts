import type { IncomingMessage, ServerResponse } from 'node:http'
import type { RequestHandler } from '../listen.ts'
import type { StaticFile, StaticFiles } from './static-files.ts'

/**
 * Scripts, styles, workers and requests of this origin only, nothing inline, no frame, no form: what
 * evidence says is text of strangers, and even a hole in the console must not run it.
 */
export const CONTENT_SECURITY_POLICY: string = [
  "default-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "object-src 'none'",
].join('; ')

const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

/** First parts of the paths that the console's router knows; a test holds the two equal. */
export const CONSOLE_ROUTES: ReadonlySet<string> = new Set([
  ...[
    'findings',
    'suppressions',
    'cases',
    'chains',
    'agents',
    'explore',
    'decisions',
    'live',
    'alerts',
    'sign-in',
  ],
])

/** Whether a path, as a URL has it, is one of the console's pages. */
export function isConsolePath(path: string): boolean {
  return path === '/' || CONSOLE_ROUTES.has(path.split('/')[1] ?? '')
}

/**
 * Puts the console in front of the API on the same port, so that both are one origin. Deep links get the
 * page, which reads the path itself. Everything else is the API's. The files hold no data, so that nobody
 * is asked who they are.
 */
export function withConsole(api: RequestHandler, files: StaticFiles): RequestHandler {
  const page = files.get('/index.html')
  return (request, response) => {
    const [path = '/'] = (request.url ?? '/').split('?', 1)
    const isRead = request.method === 'GET' || request.method === 'HEAD'
    const file = isRead
      ? (files.get(path) ?? (isRoute(path, request) ? page : undefined))
      : undefined
    if (file === undefined) return api(request, response)
    send(file, path.startsWith('/assets/'), request, response)
  }
}

/** At the root a browser gets the page, and curl still the few lines that say what to send. */
function isRoute(path: string, request: IncomingMessage): boolean {
  if (path === '/') return request.headers.accept?.includes('text/html') === true
  return isConsolePath(path)
}

function send(
  file: StaticFile,
  isHashed: boolean,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const headers = {
    ...HEADERS,
    etag: file.etag,
    // The names of assets hold a hash of their content; the page names the newest of them.
    'cache-control': isHashed ? 'public, max-age=31536000, immutable' : 'no-cache',
  }
  if (request.headers['if-none-match'] === file.etag) {
    response.writeHead(304, headers).end()
    return
  }
  response.writeHead(200, {
    ...headers,
    'content-type': file.type,
    'content-length': file.bytes.length,
  })
  response.end(request.method === 'HEAD' ? undefined : file.bytes)
}
