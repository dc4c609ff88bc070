import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import type { SignInProblem } from '@delegraph/graph-schema'
import type { Audit } from '../audit.ts'
import type { AuditEntry } from '../audit-entry.ts'
import type { Viewer } from '../viewer.ts'
import { cookiesOf } from './cookies.ts'
import { FLOW_SECONDS, flowSeal } from './flow-seal.ts'
import { LoginError } from './login-error.ts'
import { isOwnPage } from './own-page.ts'
import type { Provider } from './provider.ts'
import { returnPath } from './return-path.ts'
import type { Sessions } from './sessions.ts'

export const LOGIN = '/login'
export const CALLBACK = '/login/callback'
export const LOGOUT = '/logout'
/** The console's page that says what went wrong, or that somebody is signed out. */
export const SIGN_IN = '/sign-in'

/** Signing in and out with a browser. */
export interface BrowserLogin extends Disposable {
  /** Answers `/login`, `/login/callback` and `/logout`; false for a request that is somebody else's. */
  handler(request: IncomingMessage, response: ServerResponse): boolean
  /** Who is signed in, where a page of the console asks. */
  viewerOf(headers: IncomingHttpHeaders): Viewer | undefined
}

export interface BrowserLoginSettings {
  readonly provider: Provider
  readonly sessions: Sessions
  /** Under which browsers reach the console: `https://delegraph.example.com`. */
  readonly origin: string
  readonly tenants: readonly string[]
  /** Whether a path is one of the console's. */
  readonly isConsole: (path: string) => boolean
  readonly endSession: boolean
  /** Epoch milliseconds. */
  readonly clock: () => number
  readonly audit?: Pick<Audit, 'note'>
  /** Told why somebody was not signed in; holds no secret. */
  readonly onError: (error: unknown) => void
}

/** Sign-ins that wait for the provider at once: strangers can begin them. */
const MAX_AT_ONCE = 20

/** What people bring about, strangers too: in the audit, and nothing for whoever reads warnings. */
const OF_PEOPLE: ReadonlySet<SignInProblem> = new Set(['expired', 'denied', 'busy'])

type Note = Pick<AuditEntry, 'by' | 'tenant' | 'outcome'>

/**
 * Sends browsers to the provider and takes them back. Nothing of the provider's answer but a word of our own reaches a
 * page, and no token a browser.
 */
export function createBrowserLogin(settings: BrowserLoginSettings): BrowserLogin {
  const { provider, sessions, origin, tenants, clock, audit, onError } = settings
  const cookies = cookiesOf(origin)
  const flows = flowSeal(clock)
  const isConsole = (path: string): boolean => path !== SIGN_IN && settings.isConsole(path)
  let waiting = 0

  const atOnce = async <T>(work: () => Promise<T>): Promise<T> => {
    if (waiting >= MAX_AT_ONCE) throw new LoginError('busy', 'too many sign in at once')
    waiting += 1
    try {
      return await work()
    } finally {
      waiting -= 1
    }
  }
  /** Ends what this browser has, so that no id of before is used on. */
  const endBefore = ({ headers }: IncomingMessage): void => {
    const before = cookies.session.read(headers.cookie)
    if (before !== undefined) sessions.end(before)
  }
  const begin = async (
    url: URL,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<Note | undefined> => {
    const to = returnPath(url.searchParams.get('to'), origin, isConsole)
    try {
      const { flow, url: next } = await atOnce(() => provider.begin(to))
      response.setHeader('set-cookie', cookies.flow.give(await flows.seal(flow), FLOW_SECONDS))
      // The answer comes by a redirect from the provider, and the session's cookie does not come with it.
      endBefore(request)
      go(response, next.href)
      return undefined
    } catch (error) {
      return fail(response, error, to)
    }
  }
  const finish = async (
    url: URL,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<Note> => {
    const { headers } = request
    const sealed = cookies.flow.read(headers.cookie)
    const state = url.searchParams.get('state')
    const flow = sealed && state ? await flows.open(sealed, state) : undefined
    try {
      // The cookie stays: it may be of a sign-in in another tab.
      if (flow === undefined) throw new LoginError('expired', 'no sign-in of this browser')
      response.setHeader('set-cookie', cookies.flow.take)
      const viewer = await atOnce(() => provider.finish(url, flow))
      const { name: by, tenant } = viewer
      if (!tenants.includes(tenant)) {
        throw new LoginError('unknown', 'the claims name a tenant that is not here')
      }
      endBefore(request)
      const session = cookies.session.give(sessions.begin(viewer))
      response.setHeader('set-cookie', [cookies.flow.take, session])
      go(response, `${origin}${flow.to}`)
      return { by, tenant, outcome: 'signed_in' }
    } catch (error) {
      return fail(response, error, flow?.to)
    }
  }
  const leave = async (
    { headers }: IncomingMessage,
    response: ServerResponse,
  ): Promise<Note | undefined> => {
    const [type] = (headers['content-type'] ?? '').split(';')
    if (!isOwnPage(headers, origin) || type?.trim().toLowerCase() !== 'application/json') {
      json(response, 403, { errors: [{ message: 'only the console signs out' }] })
      return { outcome: 'refused' }
    }
    const id = cookies.session.read(headers.cookie)
    const viewer = id === undefined ? undefined : sessions.end(id)
    const next = settings.endSession && viewer !== undefined ? await endAtProvider() : undefined
    response.setHeader('set-cookie', [cookies.session.take, cookies.flow.take])
    json(response, 200, { next: next ?? SIGN_IN })
    if (viewer === undefined) return undefined
    return { by: viewer.name, tenant: viewer.tenant, outcome: 'signed_out' }
  }
  const endAtProvider = async (): Promise<string | undefined> => {
    try {
      return (await atOnce(() => provider.endSession(`${origin}${SIGN_IN}`)))?.href
    } catch (error) {
      // Signed out here all the same.
      onError(error)
      return undefined
    }
  }
  const fail = (response: ServerResponse, error: unknown, to?: string): Note => {
    const problem: SignInProblem = error instanceof LoginError ? error.problem : 'refused'
    if (!OF_PEOPLE.has(problem)) onError(error)
    const query = new URLSearchParams({ problem, ...(to === undefined ? {} : { to }) })
    go(response, `${origin}${SIGN_IN}?${query}`)
    return { outcome: problem }
  }
  const answer = (
    url: URL,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<Note | undefined> => {
    if (url.pathname === LOGOUT) return leave(request, response)
    return url.pathname === LOGIN ? begin(url, request, response) : finish(url, request, response)
  }

  return {
    handler(request, response) {
      const asked = request.url ?? ''
      const [path = ''] = asked.split('?', 1)
      const wanted = METHODS.get(path)
      if (wanted === undefined) return false
      const url = new URL(asked, origin)
      if (request.method !== wanted) {
        response.setHeader('allow', wanted)
        json(response, 405, { errors: [{ message: `only ${wanted}` }] })
        return true
      }
      const at = clock()
      answer(url, request, response)
        .then((note) => {
          if (note === undefined) return
          const from = request.socket.remoteAddress ?? ''
          const { statusCode: status } = response
          const operation = path === LOGOUT ? 'logout' : 'login'
          audit?.note({
            at,
            ...note,
            from,
            surface: 'login',
            operation,
            status,
            took: clock() - at,
          })
        })
        .catch((error: unknown) => {
          onError(error)
          response.destroy()
        })
      return true
    },
    viewerOf(headers) {
      const id = cookies.session.read(headers.cookie)
      return id !== undefined && isOwnPage(headers, origin) ? sessions.viewerOf(id) : undefined
    },
    [Symbol.dispose]: () => sessions[Symbol.dispose](),
  }
}

const METHODS: ReadonlyMap<string, 'GET' | 'POST'> = new Map([
  [LOGIN, 'GET'],
  [CALLBACK, 'GET'],
  [LOGOUT, 'POST'],
] as const)

const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  // The query of the callback holds the code.
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const

function go(response: ServerResponse, location: string): void {
  response.writeHead(303, { ...HEADERS, location }).end()
}

function json(response: ServerResponse, status: number, body: unknown): void {
  const type = { 'content-type': 'application/json; charset=utf-8' }
  response.writeHead(status, { ...HEADERS, ...type }).end(JSON.stringify(body))
}
