import type { IncomingMessage } from 'node:http'
import type { Admission } from '../receive/index.ts'
import type { Access } from './access.ts'
import type { Audit } from './audit.ts'
import { may } from './viewer.ts'

/**
 * Who may send evidence: whoever has the role ingest. What is taken in is in the journal; what is refused
 * is noted.
 */
export function admitSender(
  access: Access,
  audit: Pick<Audit, 'note'> | undefined,
  clock: () => number,
): (request: IncomingMessage) => Promise<Admission> {
  return async (request) => {
    const viewer = await access.viewerOf(request.headers.authorization)
    if (viewer !== undefined && may(viewer, 'ingest')) return { tenant: viewer.tenant }
    const status = viewer === undefined ? 401 : 403
    audit?.note({
      at: clock(),
      ...(viewer === undefined ? {} : { by: viewer.name, tenant: viewer.tenant }),
      from: request.socket.remoteAddress ?? '',
      surface: 'otlp',
      status,
      took: 0,
    })
    return { refused: status }
  }
}
