import { statusOf } from '../act/act.ts'
import { jsonArguments } from '../act/json-arguments.ts'
import type { OpenAct } from '../act/open-act.ts'
import type { ActOptions } from '../act/presented.ts'
import { headersOf } from '../carriage/headers.ts'
import { presentationOf } from '../carriage/presentation.ts'
import type { Delegraph } from '../delegraph.ts'
import { injectedContext } from '../trace/propagation.ts'
import { type AskPermission, openPermitted } from './approvals.ts'

export interface FetchOptions {
  /** URI of the service that is called: a request's tool is `<resource>#<name>`. */
  readonly resource: string
  /**
   * What a request asks for. Plain HTTP does not say it, so the application does, at both ends alike;
   * undefined for a request that is no call and goes out as it is.
   */
  readonly describe: (
    url: URL,
    init: RequestInit,
  ) => { readonly name: string; readonly args: unknown } | undefined
  /** Called before each call: see `AskPermission`. */
  readonly permission?: AskPermission
  /** Caller, drivers or credential of a call, where the application knows them. */
  readonly options?: Omit<ActOptions, 'approvals'>
  /** The fetch to call; the global one where absent. */
  readonly fetch?: typeof fetch
}

/** A `fetch` that takes a URL, and no `Request`. */
export type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>

/**
 * A `fetch` whose requests are signed actions. Their evidence goes in headers: the last link, the
 * hashes of those above it, the proof of possession, the salt, the approvals, the trace context. The
 * service needs a store that knows the links above. It follows no redirect with them, since a proof
 * is for one place: `redirect` is `manual` unless it is `error`. A status of 300 or more has failed,
 * 401 and 403 are denied. Throws `SdkError` `too_large` for evidence that no headers hold.
 */
export function instrumentFetch(delegraph: Delegraph, options: FetchOptions): Fetch {
  const send = options.fetch ?? fetch
  return async (url, init = {}) => {
    const described = options.describe(new URL(url), init)
    if (described === undefined) return send(url, init)
    const tool = `${options.resource}#${described.name}`
    const call = { tool, args: jsonArguments(described.args), audience: options.resource }
    const act = await openPermitted(delegraph, call, options.options ?? {}, options.permission)
    try {
      const redirect = init.redirect === 'error' ? 'error' : 'manual'
      // Inside the call's span, which is the one to send along.
      const response = await act.run(() =>
        send(url, { ...init, headers: withEvidence(init.headers, act), redirect }),
      )
      act.end(statusOfResponse(response.status))
      return response
    } catch (error) {
      act.end(statusOf(error))
      throw error
    }
  }
}

function withEvidence(given: RequestInit['headers'], act: OpenAct): Headers {
  const headers = new Headers(given)
  const evidence = headersOf(presentationOf(act, 'reference'))
  for (const [name, value] of Object.entries({ ...injectedContext(act.ids), ...evidence }))
    headers.set(name, value)
  return headers
}

function statusOfResponse(status: number): 'ok' | 'failed' | 'denied' {
  if (status === 401 || status === 403) return 'denied'
  return status >= 300 ? 'failed' : 'ok'
}
