import type { IncomingMessage } from 'node:http'
import type { Access } from './access.ts'
import type { Reason } from './audit-entry.ts'
import { shownBy } from './strangers.ts'
import type { Viewer } from './viewer.ts'

/** Who asks, or how many seconds he is to wait before that is looked at. */
export interface Recognised {
  readonly viewer?: Viewer
  readonly wait?: number
}

/** Who sends a request; a cookie counts where `page` is set. */
export async function recognise(
  access: Access,
  request: IncomingMessage,
  page = false,
): Promise<Recognised> {
  const wait = access.strangers?.wait(request)
  if (wait !== undefined) return { wait }
  const { headers } = request
  const viewer = await access.viewerOf(headers.authorization, ...(page ? [headers] : []))
  access.strangers?.told(request, viewer)
  return viewer === undefined ? {} : { viewer }
}

/** Why nobody is known to have sent a request. */
export function whyUnknown({ headers }: IncomingMessage, wait: number | undefined): Reason {
  if (wait !== undefined) return 'rate_limited'
  return shownBy(headers) === undefined ? 'no_credential' : 'unknown_credential'
}
