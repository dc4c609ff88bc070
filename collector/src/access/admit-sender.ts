import type { IncomingMessage } from 'node:http'
import { isLoopbackName } from '../listen.ts'
import type { Admission } from '../receive/index.ts'
import type { Access } from './access.ts'
import type { Audit } from './audit.ts'
import { recognise, whyUnknown } from './recognise.ts'
import { may } from './viewer.ts'

/**
 * Who may send evidence: whoever has the role ingest. What is taken in is in the journal; what is refused
 * is noted. Without a login everybody may who reaches the address, which is loopback, but no web page of another
 * name: it could reach it by a name that resolves to loopback (DNS rebinding), and a browser then says so by
 * `Origin`. `Host` is not asked: containers reach the loopback of their machine under other names.
 */
export function admitSender(
  access: Access,
  audit: Pick<Audit, 'note'> | undefined,
  clock: () => number,
): (request: IncomingMessage) => Promise<Admission> {
  return async (request) => {
    if (!access.login) return isOfForeignPage(request) ? { refused: 403 } : { tenant: 'default' }
    const { viewer, wait } = await recognise(access, request)
    if (viewer !== undefined && may(viewer, 'ingest')) return { tenant: viewer.tenant }
    const status = wait !== undefined ? 429 : viewer === undefined ? 401 : 403
    audit?.note({
      at: clock(),
      ...(viewer === undefined ? {} : { by: viewer.name, tenant: viewer.tenant }),
      from: request.socket.remoteAddress ?? '',
      surface: 'otlp',
      ...(viewer === undefined ? { reason: whyUnknown(request, wait) } : {}),
      status,
      took: 0,
    })
    return { refused: status, ...(wait === undefined ? {} : { retryAfter: wait }) }
  }
}

function isOfForeignPage({ headers }: IncomingMessage): boolean {
  const { origin } = headers
  if (origin === undefined) return false
  return !URL.canParse(origin) || !isLoopbackName(new URL(origin).hostname)
}
