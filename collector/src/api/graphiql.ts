import type { IncomingMessage, ServerResponse } from 'node:http'

/** Where a person tries queries; on loopback and without login alone. */
export const GRAPHIQL = '/graphiql'

/** Nothing is loaded from elsewhere and nothing inline is run. The editor sets styles on its elements. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  // Its workers are made of its own text.
  "worker-src 'self' blob:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const HEADERS = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
}

interface Part {
  readonly type: string
  readonly body: string
}

let parts: Promise<ReadonlyMap<string, Part>> | undefined

/** Answers the page, its script and its style; false where the path is none of them. */
export async function serveGraphiql(
  { method, url }: IncomingMessage,
  response: ServerResponse,
  endpoint: string,
): Promise<boolean> {
  const path = (url ?? '').split('?', 1)[0] ?? ''
  if (method !== 'GET' || !(path === GRAPHIQL || path.startsWith(`${GRAPHIQL}/`))) return false
  parts ??= split(endpoint)
  const part = (await parts).get(path)
  if (part === undefined) return false
  response.writeHead(200, { ...HEADERS, 'content-type': part.type }).end(part.body)
  return true
}

/** The library gives one page with everything inline, which a strict policy would not run. */
async function split(endpoint: string): Promise<ReadonlyMap<string, Part>> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql')
  const html = renderGraphiQL({ title: 'Delegraph', endpoint })
  const style = between(html, '<style>', html.indexOf('</style>'))
  const behind = html.slice(html.indexOf('</style>'))
  const script = between(behind, '<script>', behind.lastIndexOf('</script>'))
  const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Delegraph GraphiQL</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${GRAPHIQL}/app.css">
</head>
<body id="body" class="no-focus-outline"><div id="root"></div><script src="${GRAPHIQL}/app.js"></script></body>
</html>
`
  return new Map([
    [GRAPHIQL, { type: 'text/html; charset=utf-8', body: page }],
    [`${GRAPHIQL}/app.css`, { type: 'text/css; charset=utf-8', body: style }],
    [`${GRAPHIQL}/app.js`, { type: 'text/javascript; charset=utf-8', body: script }],
  ])
}

function between(text: string, opening: string, end: number): string {
  return text.slice(text.indexOf(opening) + opening.length, end)
}
