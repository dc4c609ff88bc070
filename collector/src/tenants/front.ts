import type { Access } from '../access/access.ts'
import { recognise } from '../access/recognise.ts'
import { type Listening, listen, type RequestHandler } from '../listen.ts'

/** One address for several tenants. */
export interface Front {
  readonly listening: Listening
  /** Hands a tenant's requests to its handler from now on. */
  serve(tenant: string, handler: RequestHandler): void
  /** There is nobody to hand its requests to: they are answered 503. */
  drop(tenant: string): void
}

/**
 * Listens once and hands each request to the tenant of whoever sends it: the credential says which, and
 * nothing else of a request. The tenant's own handler asks again who it is and believes only its own
 * people, so what this hands on wrongly is refused there.
 *
 * @throws CollectorError `address_refused`
 */
export async function openFront(
  tenants: readonly string[],
  access: Access,
  address: { readonly host: string; readonly port: number },
  allowRemote: boolean,
  onError: (error: unknown) => void,
  /** Answers what is asked of all of them, and says whether it did. */
  ofAll: (...asked: Parameters<RequestHandler>) => boolean = () => false,
): Promise<Front> {
  const handlers = new Map<string, RequestHandler>()
  const dispatch: RequestHandler = (request, response) => {
    if (ofAll(request, response)) return
    recognise(access, request, true).then(
      ({ viewer }) => {
        // A stranger, who is to wait, and who is of a tenant that is not here, is told so by whichever is there.
        const known = viewer !== undefined && tenants.includes(viewer.tenant)
        const handler = known ? handlers.get(viewer.tenant) : handlers.values().next().value
        if (handler === undefined) response.writeHead(503, { 'Retry-After': '2' }).end()
        else handler(request, response)
      },
      (error: unknown) => {
        onError(error)
        response.writeHead(503, { 'Retry-After': '2' }).end()
      },
    )
  }
  const listening = await listen(dispatch, address, allowRemote)
  return {
    listening,
    serve(tenant, handler) {
      handlers.set(tenant, handler)
    },
    drop(tenant) {
      handlers.delete(tenant)
    },
  }
}

/** Believes the people of one tenant alone. */
export function ofTenant(access: Access, tenant: string): Access {
  return {
    ...access,
    async viewerOf(authorization, page) {
      const viewer = await access.viewerOf(authorization, page)
      return viewer?.tenant === tenant ? viewer : undefined
    },
  }
}
