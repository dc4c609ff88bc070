import type { IncomingMessage, ServerResponse } from 'node:http'
import { createSchema, createYoga } from 'graphql-yoga'
import { type Access, NO_LOGIN } from '../access/access.ts'
import type { Audit } from '../access/audit.ts'
import { LOGIN } from '../access/login/browser-login.ts'
import { recognise, whyUnknown } from '../access/recognise.ts'
import type { Viewer } from '../access/viewer.ts'
import type { Channel } from '../alerts/index.ts'
import type { CaseDesk } from '../cases/index.ts'
import type { GraphStore } from '../graph/index.ts'
import { createPolicyThreads } from '../policy/thread.ts'
import type { PulseCounter } from '../pulse/pulse.ts'
import type { Past } from '../questions/past.ts'
import { NO_TRACE_LINKS, type TraceLinks } from '../trace-links/trace-links.ts'
import type { TriageDesk } from '../triage/index.ts'
import { NO_ZONES, type Zones } from '../zones/zones.ts'
import type { Asking, Seen } from './asking.ts'
import { type ApiContext, createContext } from './context.ts'
import { SCHEMA_SDL } from './contract.ts'
import { type Documents, openDocuments } from './documents.ts'
import { enumResolvers } from './enums.ts'
import type { ApiEvents } from './event-bus.ts'
import { GRAPHIQL, serveGraphiql } from './graphiql.ts'
import { landingText } from './landing.ts'
import { BUDGET, type BudgetLimits } from './limits/budget.ts'
import { ASKED_MUCH, type RateLimits, type RateReason } from './limits/rate.ts'
import { type SubscriptionLimits, usualSubscriptionLimits } from './limits/subscriptions.ts'
import { useLimits } from './limits/use-limits.ts'
import { isLocal, refuseRequest } from './refuse-request.ts'
import { RESOLVERS } from './resolvers/index.ts'
import { useDocuments } from './use-documents.ts'
import { useRoles } from './use-roles.ts'
import { useStatusCodes } from './use-status-codes.ts'

export interface ApiSettings {
  readonly store: GraphStore
  readonly events: ApiEvents
  readonly desk: TriageDesk
  readonly cases: CaseDesk
  /** Milliseconds that missing evidence may still come, by which questions judge too. */
  readonly pendingWindow: number
  /** What is held to be critical; nothing where it is absent. */
  readonly zones?: Zones
  /** Where spans are looked at in other tools; nowhere where it is absent. */
  readonly traceLinks?: TraceLinks
  /** Where alerts go; nowhere where it is absent. */
  readonly channels?: readonly Channel[]
  /** What goes through. */
  readonly pulse?: Pick<PulseCounter, 'now'>
  /** Epoch milliseconds; `Date.now` where absent. */
  readonly clock?: () => number
  /** Told what went wrong inside; the client only learns that something did. */
  readonly onError?: (error: unknown) => void
  /** Who may ask; without it whoever reaches the address, which is then to be loopback. */
  readonly access?: Access
  /** Under which browsers reach it, where that is not the name that requests come with. */
  readonly publicUrl?: string
  readonly documents?: Documents
  /** Told of every request, where it is given. */
  readonly audit?: Pick<Audit, 'note'>
  /** Counts the subscriptions that are open; one of its own, of 100 and 20 of each viewer, where absent. */
  readonly subscriptions?: SubscriptionLimits
  readonly budget?: BudgetLimits
  /** What each viewer may have in a minute; as much as he asks for where absent. */
  readonly rates?: RateLimits
  /** Told of each who was told to come again later. */
  readonly onLimited?: (reason: RateReason) => void
  /** Makes graphs of earlier instants, for what is asked of the past. */
  readonly past?: Past
}

export type ApiHandler = (request: IncomingMessage, response: ServerResponse) => void

/** The schema of the contract with its resolvers, as the API executes it. */
export function createApiSchema(): ReturnType<typeof createSchema<Asking & ApiContext>> {
  return createSchema<Asking & ApiContext>({
    typeDefs: SCHEMA_SDL,
    resolvers: [RESOLVERS, enumResolvers(SCHEMA_SDL)],
  })
}

/**
 * The handler of `/graphql`: GraphQL over HTTP, subscriptions as server-sent events, and a few lines
 * of text for a browser. Without `access` it asks nobody who they are: bind it to loopback.
 */
export function createApi(settings: ApiSettings): ApiHandler {
  const { store, events, desk, cases, pendingWindow, onError, past, clock = Date.now } = settings
  const { zones = NO_ZONES, traceLinks = NO_TRACE_LINKS, channels = [] } = settings
  const { access = NO_LOGIN, documents = openDocuments(), audit, budget = BUDGET } = settings
  const { rates, onLimited } = settings
  const { publicUrl, subscriptions = usualSubscriptionLimits(access.login) } = settings
  const policies = createPolicyThreads()
  const yoga = createYoga<Asking, ApiContext>({
    schema: createApiSchema(),
    context: ({ viewer }) =>
      createContext({
        ...{ store, events, desk, cases, subscriptions, viewer, clock, budget, pendingWindow },
        ...{ policies, zones, traceLinks, channels },
        ...(past === undefined ? {} : { past }),
        ...(settings.pulse === undefined ? {} : { pulse: settings.pulse }),
      }),
    plugins: [useDocuments(documents), useRoles(), useLimits(), useStatusCodes()],
    extraParamNames: ['documentId'],
    graphqlEndpoint: ENDPOINT,
    maxRequestBodySize: MAX_BODY,
    multipart: false,
    batching: false,
    cors: false,
    graphiql: false,
    landingPage: false,
    logging: {
      debug() {},
      info() {},
      warn() {},
      error: (error: unknown) => onError?.(error),
    },
    // Whatever NODE_ENV says: the inside of an error stays inside.
    maskedErrors: { isDev: false },
  })
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { viewer, wait } = await recognise(access, request, true)
    const seen: Seen = {}
    const later = (reason: RateReason, seconds: number | undefined): number | undefined => {
      if (seconds === undefined) return undefined
      seen.reason = 'rate_limited'
      onLimited?.(reason)
      response.setHeader('retry-after', String(seconds))
      return seconds
    }
    // Whose answer it is says a cookie, of which a cache on the way knows nothing.
    response.setHeader('cache-control', 'no-store')
    noting(request, response, { viewer, seen, clock, audit })
    if (later('strangers', wait) !== undefined) {
      return refuse(response, 429, TOO_MANY_GUESSES, { code: 'RATE_LIMITED' })
    }
    if (viewer === undefined) {
      seen.reason = whyUnknown(request, wait)
      response.setHeader('www-authenticate', 'Bearer realm="delegraph"')
      return access.browser === undefined
        ? refuse(response, 401, 'say who you are: a bearer token that is known here')
        : refuse(
            response,
            401,
            'say who you are: sign in, or show a bearer token that is known here',
            {
              signIn: LOGIN,
            },
          )
    }
    if (later('requests', rates?.request(viewer)) !== undefined) {
      return refuse(response, 429, ASKED_MUCH, { code: 'RATE_LIMITED' })
    }
    const spend = (objects: number) => later('cost', rates?.cost(viewer, objects))
    // A proxy that gathers answers before it hands them on would hold a stream back.
    response.setHeader('x-accel-buffering', 'no')
    await yoga(request, response, { viewer, seen, spend })
  }
  return (request, response) => {
    const [path = '/', search] = (request.url ?? '/').split('?', 2)
    const isBare = request.method === 'GET' && search === undefined
    if (isBare && (path === '/' || path === ENDPOINT)) return land(request, response, access.login)
    if (!access.login && path.startsWith(GRAPHIQL) && isLocal(request)) {
      serveGraphiql(request, response, ENDPOINT)
        .then((served) => {
          if (!served) refuse(response, 404, NOT_HERE)
        })
        .catch((error: unknown) => {
          onError?.(error)
          response.destroy()
        })
      return
    }
    if (path !== ENDPOINT) return refuse(response, 404, NOT_HERE)
    const refusal = refuseRequest(request, access.login, publicUrl)
    if (refusal !== undefined) {
      const { status, message, reason } = refusal
      noting(request, response, { viewer: undefined, seen: { reason }, clock, audit })
      return refuse(response, status, message)
    }
    answer(request, response).catch((error: unknown) => {
      onError?.(error)
      response.destroy()
    })
  }
}

/** What is noted of a request when its answer is complete, or when whoever asked is gone. */
function noting(
  request: IncomingMessage,
  response: ServerResponse,
  { viewer, seen, clock, audit }: NotingSettings,
): void {
  if (audit === undefined) return
  const at = clock()
  const from = request.socket.remoteAddress ?? ''
  const who = viewer === undefined ? {} : { by: viewer.name, tenant: viewer.tenant }
  response.once('close', () => {
    const { statusCode: status } = response
    audit.note({ at, ...who, from, surface: 'graphql', ...seen, status, took: clock() - at })
  })
}

interface NotingSettings {
  readonly viewer: Viewer | undefined
  readonly seen: Seen
  readonly clock: () => number
  readonly audit: Pick<Audit, 'note'> | undefined
}

const ENDPOINT = '/graphql'
const NOT_HERE = `only ${ENDPOINT} is here`
const TOO_MANY_GUESSES = 'too many credentials came from this address that nobody knows'
const MAX_BODY = 64 * 1024

const PLAIN: Readonly<Record<string, string>> = {
  'content-type': 'text/plain; charset=utf-8',
  'x-content-type-options': 'nosniff',
}

function land(request: IncomingMessage, response: ServerResponse, login: boolean): void {
  const { localAddress = '127.0.0.1', localPort = 0 } = request.socket
  const address = localAddress.replace(/^::ffff:/, '')
  const name = address.includes(':') ? `[${address}]` : address
  response.writeHead(200, PLAIN).end(landingText(`http://${name}:${localPort}${ENDPOINT}`, login))
}

function refuse(
  response: ServerResponse,
  status: number,
  message: string,
  extensions?: Readonly<Record<string, unknown>>,
): void {
  response
    .writeHead(status, { ...PLAIN, 'content-type': 'application/json; charset=utf-8' })
    .end(JSON.stringify({ errors: [{ message, extensions }] }))
}
