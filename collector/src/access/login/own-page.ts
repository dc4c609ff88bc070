import type { IncomingHttpHeaders } from 'node:http'

/**
 * Whether a page of the console sent a request, as the browser says (RFC 6454 section 7, Fetch Metadata): no page can
 * set these headers itself. A cookie counts with nothing else: `SameSite` alone would let in other ports and
 * sibling domains.
 */
export function isOwnPage(headers: IncomingHttpHeaders, origin: string): boolean {
  const { origin: from, 'sec-fetch-site': site } = headers
  if (from !== undefined && from !== origin) return false
  if (site !== undefined && site !== 'same-origin') return false
  return from !== undefined || site !== undefined
}
